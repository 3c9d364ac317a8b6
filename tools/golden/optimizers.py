"""Golden traces of optimizers on a small network, by PyTorch in float64.

    pip install torch==2.13.0
    python tools/golden/optimizers.py > packages/core/src/testing/golden.json

The network: 3 inputs, 4 hidden units (tanh), 2 outputs; the loss is the mean over 8 samples of half the
squared distance. Weights are listed leaf after leaf: hidden kernel (row by row, one row an input), hidden
bias, output kernel, output bias. A trace holds the loss before each of 30 steps and the weights after some.
"""

import json

import torch

STEPS = 30
KEPT = (1, 2, 10, 30)
SHAPES = ((3, 4), (4,), (4, 2), (2,))

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
inputs = torch.randn(8, 3)
targets = torch.randn(8, 2)
start = [torch.randn(shape) / 2 for shape in SHAPES]


def loss_at(weights):
    kernel1, bias1, kernel2, bias2 = weights
    outputs = torch.tanh(inputs @ kernel1 + bias1) @ kernel2 + bias2
    return 0.5 * ((outputs - targets) ** 2).sum(1).mean()


def plain_closure(weights):
    loss = loss_at(weights)
    loss.backward()
    return loss


def sam_closure(rho):
    """Foret et al. 2021, Algorithm 1: leaves the gradient at w + rho g/|g| in place of g."""

    def closure(weights):
        loss = loss_at(weights)
        gradient = torch.autograd.grad(loss, weights)
        norm = torch.sqrt(sum((g**2).sum() for g in gradient))
        displaced = [(w + rho * g / norm).detach().requires_grad_() for w, g in zip(weights, gradient)]
        for w, g in zip(weights, torch.autograd.grad(loss_at(displaced), displaced)):
            w.grad = g
        return loss

    return closure


def flat(weights):
    return torch.cat([w.detach().flatten() for w in weights]).tolist()


def trace(make, closure=plain_closure, schedule=None):
    weights = [w.clone().requires_grad_() for w in start]
    optimizer = make(weights)
    scheduler = schedule and torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)
    losses, kept = [], {}
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        losses.append(closure(weights).item())
        optimizer.step()
        if scheduler:
            scheduler.step()
        if step in KEPT:
            kept[step] = flat(weights)
    return {"losses": losses, "weights": kept}


def sgd(**options):
    return lambda weights: torch.optim.SGD(weights, lr=0.1, **options)


traces = {
    "sgd": trace(sgd()),
    "sgd, cosine": trace(
        lambda weights: torch.optim.SGD(weights, lr=1.0),
        schedule=lambda step: 0.01 + 0.09 * (1 + torch.cos(torch.tensor(torch.pi * step / 20)).item()) / 2
        if step < 20
        else 0.01,
    ),
    "momentum": trace(sgd(momentum=0.9)),
    "nesterov": trace(sgd(momentum=0.8, nesterov=True)),
    "adam": trace(lambda weights: torch.optim.Adam(weights, lr=0.05)),
    "adam, unusual": trace(lambda weights: torch.optim.Adam(weights, lr=0.05, betas=(0.5, 0.9), eps=1e-3)),
    "adamw": trace(lambda weights: torch.optim.AdamW(weights, lr=0.05, weight_decay=0.1)),
    "adamw, kernels": trace(
        lambda weights: torch.optim.AdamW(
            [
                {"params": [w for w in weights if w.dim() == 2]},
                {"params": [w for w in weights if w.dim() == 1], "weight_decay": 0.0},
            ],
            lr=0.05,
            weight_decay=0.1,
        )
    ),
    "sam": trace(sgd(momentum=0.9), sam_closure(0.05)),
    "sam, adam": trace(lambda weights: torch.optim.Adam(weights, lr=0.05), sam_closure(0.5)),
}

print(
    json.dumps(
        {
            "torch": torch.__version__.split("+")[0],
            "inputs": inputs.tolist(),
            "targets": targets.tolist(),
            "start": flat(start),
            "traces": traces,
        },
        indent=2,
    )
)
