"""The step benchmark's networks in JAX, with SAM as optax.contrib.sam has it, each step one program of jit."""

import jax
import jax.numpy as jnp
import optax

from serve_steps import LEARNING_RATE, serve

LAYOUT = ("NHWC", "HWIO", "NHWC")


def he_normal(key, shape):
    fan_in = 1
    for size in shape[:-1]:
        fan_in *= size
    return jax.random.truncated_normal(key, -2, 2, shape) * (2 / fan_in) ** 0.5 / 0.88


def kernels(shapes, biases):
    keys = jax.random.split(jax.random.key(1), len(shapes))
    weights = [{"kernel": he_normal(key, shape)} for key, shape in zip(keys, shapes)]
    for weight, has_bias in zip(weights, biases):
        if has_bias:
            weight["bias"] = jnp.zeros(weight["kernel"].shape[-1])
    return weights


def convolve(x, kernel, stride=1):
    # PyTorch's and He's padding for a stride of 2 differ by a pixel; the work is the same.
    return jax.lax.conv_general_dilated(x, kernel, (stride, stride), "SAME", dimension_numbers=LAYOUT)


def max_pool(x):
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def dense(x, layer):
    return x @ layer["kernel"] + layer["bias"]


def conv4(width):
    w = width
    shapes = [(3, 3, 1, w), (3, 3, w, w), (3, 3, w, 2 * w), (3, 3, 2 * w, 2 * w), (7 * 7 * 2 * w, 10)]

    def logits(layers, x):
        for index, layer in enumerate(layers[:4]):
            x = jax.nn.relu(convolve(x, layer["kernel"]) + layer["bias"])
            x = max_pool(x) if index % 2 == 1 else x
        return dense(x.reshape(x.shape[0], -1), layers[4])

    return kernels(shapes, [True] * 5), logits


def mlp(count, width):
    sizes = [28 * 28] + [width] * count + [10]

    def logits(layers, x):
        x = x.reshape(x.shape[0], -1)
        for layer in layers[:-1]:
            x = jax.nn.relu(dense(x, layer))
        return dense(x, layers[-1])

    return kernels(list(zip(sizes, sizes[1:])), [True] * (count + 1)), logits


def resnet(blocks):
    plan = []  # (inputs, filters, stride) of each block
    inputs = 16
    for stage, (filters, count) in enumerate(zip((16, 32, 64), blocks)):
        for block in range(count):
            plan.append((inputs, filters, 2 if stage > 0 and block == 0 else 1))
            inputs = filters
    shapes = [(3, 3, 1, 16)]
    for before, filters, _ in plan:
        shapes += [(3, 3, before, filters), (3, 3, filters, filters)]
    layers = kernels(shapes + [(64, 10)], [False] * len(shapes) + [True])
    for layer in layers[:-1]:
        filters = layer["kernel"].shape[-1]
        layer["gamma"], layer["beta"] = jnp.ones(filters), jnp.zeros(filters)

    def normalised(x, layer, stride=1):
        y = convolve(x, layer["kernel"], stride)
        mean, variance = y.mean((0, 1, 2)), y.var((0, 1, 2))
        return (y - mean) * jax.lax.rsqrt(variance + 1e-3) * layer["gamma"] + layer["beta"]

    def logits(layers, x):
        x = jax.nn.relu(normalised(x, layers[0]))
        for index, (before, filters, stride) in enumerate(plan):
            first, second = layers[1 + 2 * index], layers[2 + 2 * index]
            residual = normalised(jax.nn.relu(normalised(x, first, stride)), second)
            if stride > 1:
                x = jnp.pad(x[:, ::stride, ::stride], ((0, 0), (0, 0), (0, 0), (0, filters - before)))
            x = jax.nn.relu(residual + x)
        return dense(x.mean((1, 2)), layers[-1])

    return layers, logits


NETWORKS = {
    "conv4-16": lambda: conv4(16),
    "conv4-32": lambda: conv4(32),
    "resnet-12": lambda: resnet((2, 2, 1)),
    "mlp-64": lambda: mlp(10, 64),
}


def open_steps(network, optimizer, batch):
    weights, logits = NETWORKS[network]()
    key, other = jax.random.split(jax.random.key(2))
    images = jax.random.uniform(key, (batch, 28, 28, 1))
    labels = jax.random.randint(other, (batch,), 0, 10)

    def loss(weights):
        return optax.softmax_cross_entropy_with_integer_labels(logits(weights, images), labels).mean()

    value_and_grad = jax.value_and_grad(loss)
    base = optax.sgd(LEARNING_RATE, momentum=0.9)
    if optimizer == "sam":
        # In opaque mode one update is a whole step: the transformation asks for the second gradient itself.
        ascent = optax.chain(optax.contrib.normalize(), optax.sgd(0.05))
        base = optax.contrib.sam(base, ascent, sync_period=2, opaque_mode=True)

    @jax.jit
    def step(weights, state):
        value, gradient = value_and_grad(weights)
        extra = {"grad_fn": lambda w, _: jax.grad(loss)(w)} if optimizer == "sam" else {}
        updates, state = base.update(gradient, state, weights, **extra)
        return optax.apply_updates(weights, updates), state, value

    gradient = jax.jit(value_and_grad)
    standing = [weights, base.init(weights)]

    def one_step():
        standing[0], standing[1], value = step(*standing)
        return float(jax.block_until_ready((value, standing[0]))[0])

    def one_gradient():
        return float(jax.block_until_ready(gradient(standing[0]))[0])

    ready = f"JAX {jax.__version__}, optax {optax.__version__}, {jax.default_backend()}"
    return ready, {"step": one_step, "gradient": one_gradient}, 2 if optimizer == "sam" else 1


serve(open_steps)
