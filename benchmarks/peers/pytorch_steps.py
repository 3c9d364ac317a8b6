"""The step benchmark's networks and optimizers in PyTorch, with a SAM step of two backward passes as davda54/sam has it."""

import torch
from torch import nn
from torch.nn import functional as F

from serve_steps import LEARNING_RATE, serve


def conv4(width):
    def convolution(inputs, filters):
        return nn.Sequential(nn.Conv2d(inputs, filters, 3, padding=1), nn.ReLU())

    return nn.Sequential(
        convolution(1, width),
        convolution(width, width),
        nn.MaxPool2d(2),
        convolution(width, 2 * width),
        convolution(2 * width, 2 * width),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(7 * 7 * 2 * width, 10),
    )


def mlp(layers, width):
    sizes = [28 * 28] + [width] * layers
    hidden = [m for a, b in zip(sizes, sizes[1:]) for m in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(width, 10))


class Block(nn.Module):
    """Two convolutions with batch normalisation, and a shortcut without parameters."""

    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.stride = stride
        self.more = filters - inputs
        self.first = nn.Conv2d(inputs, filters, 3, stride, padding=1, bias=False)
        self.second = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(filters) for _ in range(2))

    def forward(self, x):
        residual = self.norms[1](self.second(F.relu(self.norms[0](self.first(x)))))
        shortcut = x
        if self.stride > 1:
            shortcut = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.more))
        return F.relu(residual + shortcut)


def resnet(blocks):
    layers = [nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    inputs = 16
    for stage, (filters, count) in enumerate(zip((16, 32, 64), blocks)):
        for block in range(count):
            layers.append(Block(inputs, filters, 2 if stage > 0 and block == 0 else 1))
            inputs = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


NETWORKS = {
    "conv4-16": lambda: conv4(16),
    "conv4-32": lambda: conv4(32),
    "resnet-12": lambda: resnet((2, 2, 1)),
    "mlp-64": lambda: mlp(10, 64),
}


class SharpnessAware:
    """Climbs by rho in the direction of the gradient (adaptive: of w^2 times it), keeps the weights to come back to."""

    def __init__(self, parameters, base, rho, adaptive):
        self.parameters, self.base, self.rho, self.adaptive = list(parameters), base, rho, adaptive

    @torch.no_grad()
    def climb(self):
        norm = self.norm()
        scale = self.rho / (norm + 1e-12)
        self.before = []
        for p in self.parameters:
            self.before.append(p.data.clone())
            p.add_((p * p if self.adaptive else 1.0) * p.grad * scale)
        self.base.zero_grad()

    @torch.no_grad()
    def descend(self):
        for p, before in zip(self.parameters, self.before):
            p.data = before
        self.base.step()
        self.base.zero_grad()

    def norm(self):
        norms = [((p.abs() if self.adaptive else 1.0) * p.grad).norm(p=2) for p in self.parameters]
        return torch.norm(torch.stack(norms), p=2)


def open_steps(network, optimizer, batch):
    torch.manual_seed(1)
    model = NETWORKS[network]()
    base = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=0.9)
    images = torch.rand(batch, 1, 28, 28)
    labels = torch.randint(10, (batch,))

    def backward():
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        return loss

    def gradient():
        loss = backward()
        base.zero_grad()
        return loss.item()

    def plain():
        loss = backward()
        base.step()
        base.zero_grad()
        return loss.item()

    ready = f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"
    if optimizer == "plain":
        return ready, {"step": plain, "gradient": gradient}, 1
    adaptive = optimizer == "asam"
    sam = SharpnessAware(model.parameters(), base, 0.5 if adaptive else 0.05, adaptive)

    def two_steps():
        loss = backward()
        sam.climb()
        backward()
        sam.descend()
        return loss.item()

    return ready, {"step": two_steps, "gradient": gradient}, 2


serve(open_steps)
