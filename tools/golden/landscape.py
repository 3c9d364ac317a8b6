"""What @flatmin/landscape measures, of a small network, by automatic differentiation in float64.

    python tools/golden/landscape.py
    npx biome check --write packages/landscape/src/testing

The network: 4 inputs, 6 hidden units (tanh), 3 classes; the mean cross-entropy over 20 samples, some gradient steps from
the start of training. Kernels are inputs × outputs; weights are listed leaf after leaf, `hidden/kernel`, `hidden/bias`,
`output/kernel`, `output/bias`. Nothing here is by differences: the Hessian is autograd's.
"""

import json
import math
import pathlib

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)

SHAPES = [(4, 6), (6,), (6, 3), (3,)]
INPUTS = torch.randn(20, 4)
LABELS = torch.randint(0, 3, (20,))
RHO, ADAPTIVE_RHO, ETA, STEPS = 0.1, 0.5, 0.01, 5
TARGET = pathlib.Path(__file__).parents[2] / "packages" / "landscape" / "src" / "testing" / "golden.json"


def leaves(w):
    return [part.reshape(shape) for part, shape in zip(w.split([math.prod(shape) for shape in SHAPES]), SHAPES)]


def loss(w):
    kernel1, bias1, kernel2, bias2 = leaves(w)
    outputs = torch.tanh(INPUTS @ kernel1 + bias1) @ kernel2 + bias2
    return torch.nn.functional.cross_entropy(outputs, LABELS)


gradient = torch.func.grad(loss)
hessian = torch.func.hessian(loss)

w = torch.cat([0.8 * torch.randn(math.prod(shape)) for shape in SHAPES])
for _ in range(60):
    w = w - 0.3 * gradient(w)

g, h = gradient(w), hessian(w)


def ascent(rho, t, steps):
    """The largest rise met by projected gradient ascent in the ball ‖u‖ ≤ ρ, ε = Tu."""
    u, rises = torch.zeros_like(w), []
    for _ in range(steps):
        slope = t * gradient(w + t * u)
        u = u + rho * slope / slope.norm()
        u = u * min(1.0, rho / u.norm().item())
        rises.append((loss(w + t * u) - loss(w)).item())
    return max(rises)


def sam_objective(at):
    slope = gradient(at)
    return loss(at + RHO * slope / slope.norm())


adaptive = [True, False, True, False]  # kernels, not biases
t = torch.cat([leaf.abs().reshape(-1) + ETA if on else torch.ones(leaf.numel()) for leaf, on in zip(leaves(w), adaptive)])
perturbed = gradient(w + RHO * g / g.norm())
term = torch.func.grad(sam_objective)(w) - perturbed  # the whole gradient of L(w + ε̂(w)), less what SAM keeps
ones = torch.ones_like(w)


def pac_bayes(k, n, norm, rho, delta, sharp):
    ratio = norm**2 / rho**2
    inside = k * math.log(1 + ratio * (1 + math.sqrt(math.log(n) / k)) ** 2)
    return sharp + math.sqrt((inside + 4 * math.log(n / delta) + 8 * math.log(6 * n + 3 * k)) / (n - 1))


cases = [
    {"parameters": 51, "samples": 60000, "weightNorm": 5.5, "rho": 0.05, "delta": 0.05, "sharpLoss": 0.125},
    {"parameters": 1000000, "samples": 50000, "weightNorm": 30.0, "rho": 0.05, "delta": 0.01, "sharpLoss": 0.0},
]
document = {
    "source": f"tools/golden/landscape.py, torch {torch.__version__.split('+')[0]}",
    "inputs": INPUTS.tolist(),
    "labels": LABELS.tolist(),
    "weights": w.tolist(),
    "loss": loss(w).item(),
    "gradient": g.tolist(),
    "eigenvalues": torch.linalg.eigvalsh(h).flip(0).tolist(),
    "trace": h.trace().item(),
    "onesTimesHessian": (h @ ones).tolist(),
    "sharpness": {
        "rho": RHO,
        "ascentSteps": STEPS,
        "one": ascent(RHO, ones, 1),
        "several": ascent(RHO, ones, STEPS),
    },
    "adaptiveSharpness": {
        "rho": ADAPTIVE_RHO,
        "eta": ETA,
        "ascentSteps": STEPS,
        "one": ascent(ADAPTIVE_RHO, t, 1),
        "several": ascent(ADAPTIVE_RHO, t, STEPS),
    },
    "secondOrderTerm": {
        "rho": RHO,
        "norm": term.norm().item(),
        "relative": (term.norm() / perturbed.norm()).item(),
        "cosine": (term @ perturbed / term.norm() / perturbed.norm()).item(),
    },
    "pacBayes": [{**case, "bound": pac_bayes(*case.values())} for case in cases],
}
TARGET.write_text(json.dumps(document, indent=2) + "\n")
