#!/usr/bin/env python3
"""Runs every operator of Facet's TorchScript archive on a GPU and compares it with the processor.

    python3 infra/gpu/check.py                  # on the first GPU and on the processor
    python3 infra/gpu/check.py --device cpu     # on the processor only

It needs PyTorch 2.7 or newer for Python, and no JDK: the operators are read from the Java sources
of this checkout and packed as Facet packs them. Each runs forward and, where gradients flow,
backward, in these modes:

    float32   with TF32 switched off
    tf32      with TF32 switched on for products and convolutions (GPU only)
    bf16      under autocast to bfloat16, activations coming as bfloat16, parameters as float32

and is compared with the formula it stands for, written with other operators in float64 on the
processor. A difference is the largest one of an array, divided by the largest number of what the
formula gives. The exit code is 1 if any is above its tolerance, if an operator failed, or if an
operator has no case in cases.py; 2 if the check could not be made.
"""

import argparse
import contextlib
import dataclasses
import os
import pathlib
import sys
import warnings

import archive

warnings.filterwarnings("ignore", message="Failed to initialize NumPy")

try:
    import torch
except ImportError as e:
    print(f"check: no PyTorch for this Python ({e}): pip install 'torch>=2.7'", file=sys.stderr)
    sys.exit(2)

import cases
from inputs import flat, weights

# Largest differences accepted forward and backward. float32 has 24 bits of precision and sums come
# in any order; TF32 has 11 bits, bfloat16 has 8.
TOLERANCE = {"float32": (1e-5, 5e-5), "tf32": (4e-3, 4e-3), "bf16": (2e-2, 4e-2)}


@dataclasses.dataclass
class Outcome:
    """What one operator gave: results and changed arrays, and gradients of its inputs."""

    type: str
    forward: list
    backward: list


def run(call, inputs, weights_of):
    """Calls an operator, then flows a fixed gradient back through it."""
    result = call(*inputs)
    floating = [x for x in flat(inputs) if x.is_floating_point()]
    wanted = [x for x in floating if x.requires_grad]
    gradients = []
    if wanted and result.requires_grad:
        weights = weights_of(result)
        loss = (result.to(weights.dtype) * weights).sum()
        gradients = torch.autograd.grad(loss, wanted)
    changed = [x.detach() for x in floating if not x.requires_grad]
    kind = str(result.dtype).removeprefix("torch.")
    return Outcome(kind, [result.detach(), *changed], list(gradients))


def difference(ours, formula):
    """The largest difference of a list of arrays, each relative to its largest number."""
    if len(ours) != len(formula):
        raise RuntimeError(f"{len(ours)} arrays instead of {len(formula)}")
    worst = 0.0
    for x, y in zip(ours, formula):
        if x.shape != y.shape:
            raise RuntimeError(f"shape {tuple(x.shape)} instead of {tuple(y.shape)}")
        x, y = x.cpu().double(), y.double()
        if not torch.isfinite(x).all():
            return float("inf")
        if y.numel():
            scale = max(y.abs().max().item(), 1e-30)
            worst = max(worst, (x - y).abs().max().item() / scale)
    return worst


@contextlib.contextmanager
def surroundings(mode, device):
    """Autocast and TF32 as a mode wants them, and the script's own optimiser off as in Facet."""
    torch.backends.cuda.matmul.allow_tf32 = mode == "tf32"
    torch.backends.cudnn.allow_tf32 = mode == "tf32"
    with torch.jit.optimized_execution(False):
        with torch.autocast(device.split(":")[0], dtype=torch.bfloat16, enabled=mode == "bf16"):
            yield


def compare(module, function, case, device, mode):
    """Differences of one operator from its formula, forward and backward."""
    drawn = case.draw(function, mode == "bf16")
    formula = case.formula_inputs(drawn)
    expected = run(case.formula, formula, lambda x: weights(x.shape).double())
    with surroundings(mode, device):
        inputs = case.operator_inputs(drawn, device)
        ours = run(getattr(module, function), inputs, lambda x: weights(x.shape).to(device))
    if case.check is not None:
        case.check(ours.forward[0])
    return (
        ours.type,
        difference(ours.forward, expected.forward),
        difference(ours.backward, expected.backward),
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cuda", help="cuda, cuda:N or cpu (default cuda)")
    device = parser.parse_args().device
    version = tuple(int(part) for part in torch.__version__.split(".")[:2])
    if version < (2, 7):
        stop(f"PyTorch {torch.__version__} found, 2.7 or newer is needed")
    if device != "cpu" and device not in gpus():
        stop(f"PyTorch {torch.__version__} sees no such GPU as {device}; --device cpu needs none")
    try:
        program = archive.program(pathlib.Path(__file__).resolve().parents[2])
    except archive.Unreadable as e:
        stop(str(e))
    sys.exit(check(program, device))


def gpus():
    """Names of the GPUs that PyTorch sees."""
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return ["cuda"] * (count > 0) + [f"cuda:{i}" for i in range(count)]


def stop(message):
    print(f"check: {message}", file=sys.stderr)
    sys.exit(2)


def check(program, device):
    """Checks all operators, prints a table and gives the exit code."""
    torch.set_num_threads(min(torch.get_num_threads(), os.cpu_count() or 1))
    module = archive.load(program, "cpu")
    functions = archive.functions(program)
    missing = sorted(set(functions) - {function for function, _ in cases.CASES})
    unknown = sorted({function for function, _ in cases.CASES} - set(functions))
    print(f"PyTorch {torch.__version__} on {name_of(device)}; {len(functions)} operators")
    print(f"{'operator':32} {'device':7} {'mode':8} {'gives':9} {'forward':>9} {'backward':>9}")
    bad = compared = 0
    for (function, variant), case in cases.CASES.items():
        if function in unknown:
            continue
        for place, mode in modes(device):
            if case.gpu_only and place == "cpu":
                continue
            name = f"{function} ({variant})" if variant else function
            text, good = row(module, function, case, place, mode)
            print(f"{name:32} {place:7} {mode:8} {text}")
            compared += 1
            bad += not good
    for function in missing:
        print(f"{function}: no case in infra/gpu/cases.py")
    for function in unknown:
        print(f"{function}: a case in infra/gpu/cases.py, but no operator of this name")
    for mode, (forward, backward) in TOLERANCE.items():
        print(f"accepted in {mode}: {forward:g} forward, {backward:g} backward")
    print(f"{compared} comparisons, {bad} bad; {len(missing)} operators without a case")
    return 1 if bad or missing or unknown else 0


def modes(device):
    places = ["cpu"] if device == "cpu" else ["cpu", device]
    for place in places:
        for mode in TOLERANCE:
            if place != "cpu" or mode != "tf32":
                yield place, mode


def row(module, function, case, place, mode):
    """The end of one line of the table, and whether it is good."""
    try:
        kind, forward, backward = compare(module, function, case, place, mode)
    except RuntimeError as e:
        return f"FAILS: {str(e).strip().splitlines()[-1]}", False
    accepted = case.tolerance or TOLERANCE[mode]
    good = forward <= accepted[0] and backward <= accepted[1]
    flows = f"{backward:9.1e}" if case.differentiable else f"{'-':>9}"
    return f"{kind:9} {forward:9.1e} {flows}{'' if good else '  DIFFERS'}", good


def name_of(device):
    if device == "cpu":
        return "the processor"
    return f"{torch.cuda.get_device_name(device)}, CUDA {torch.version.cuda}"


if __name__ == "__main__":
    main()
