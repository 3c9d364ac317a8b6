"""Answers the turns that come in as lines, as step-program.ts does: see src/bench-step/protocol.ts."""

import json
import sys
import time

# So small that the weights stay about where they are; see step-optimizers.ts.
LEARNING_RATE = 1e-9

# How long steps are taken untimed when a turn begins, in seconds; one at least.
SETTLING = 0.03


def serve(open_steps):
    """open_steps(network, optimizer, batch) returns (what it runs on, {"step": f, "gradient": f}, gradients a step);
    each f does one and returns its loss as a number."""
    asked = json.loads(sys.argv[1])
    try:
        ready, tasks, gradients = open_steps(asked["network"], asked["optimizer"], asked["batch"])
        say({"ready": ready})
        for line in sys.stdin:
            say(turn(tasks, gradients, **json.loads(line)))
    except Exception as error:
        say({"error": f"{type(error).__name__}: {error}"})


def turn(tasks, gradients, task, steps):
    one = tasks[task]
    # Other programs have used the caches since the last turn.
    started = time.perf_counter()
    one()
    while time.perf_counter() - started < SETTLING:
        one()
    started = time.perf_counter()
    for _ in range(steps):
        loss = one()
        if loss != loss:
            raise ValueError("the loss is not a number")
    elapsed = time.perf_counter() - started
    return {"ms": 1000 * elapsed, "gradients": steps * (gradients if task == "step" else 1)}


def say(line):
    print(json.dumps(line), flush=True)
