"""A case for each operator of Facet's TorchScript program: its inputs and its formula."""

import torch

import formulas
import sequences
from inputs import MAPS, NORM, activation, given, index, numbers, of, small, state, weight


def solve_inputs(g):
    return torch.randn((12, 12), generator=g, dtype=torch.float64) + 12 * torch.eye(12)


def with_empty_row(g):
    w = torch.randn((16, 8, 3, 3), generator=g)
    w[5] = 0
    return w


def innermost(x):
    if not x.is_contiguous(memory_format=torch.channels_last):
        raise RuntimeError("the channels are not innermost")


ON_HOST = given(lambda g: torch.randn((4, 8), generator=g), host=True)
PAIR = [state(24, 16), state(40)]
TRAINING, EVALUATION = numbers(1, 0.1, 1e-5), numbers(0, 0.1, 1e-5)
STEPS = [given(lambda g: torch.tensor(3.0)), given(lambda g: torch.tensor(3.0))]
EXACT = (1e-12, 1e-12)


# Operator and variant; an operator of the program without a case fails the check.
CASES = {
    ("relu", ""): of(lambda x: x * (x > 0), MAPS),
    ("relu6", ""): of(formulas.relu6, activation(8, 16, 9, 9, scale=5)),
    ("prelu", ""): of(formulas.prelu, MAPS, weight(16)),
    ("log_sigmoid", ""): of(lambda x: -torch.log1p(torch.exp(-x)), activation(64, 7, scale=3)),
    ("gelu", ""): of(formulas.gelu, activation(8, 49, 64)),
    **sequences.CASES,
    ("solve", ""): of(
        lambda a, b: torch.linalg.inv(a) @ b,
        given(solve_inputs, gradient=True),
        weight(12, 5, dtype=torch.float64),
        tolerance=EXACT,
    ),
    ("resize", "larger"): of(formulas.resize, MAPS, numbers(14)),
    ("resize", "smaller"): of(formulas.resize, MAPS, numbers(7)),
    ("average_pool", ""): of(formulas.average_pool, MAPS, numbers(4)),
    ("cross_entropy", ""): of(
        formulas.cross_entropy, activation(6, 50, scale=4), index(0, 49, 7, 7, 30, 12)
    ),
    ("variance", ""): of(
        lambda x, axis: (x - x.mean(1, keepdim=True)).square().mean(1, keepdim=True),
        activation(32, 48),
        numbers(1),
    ),
    ("roll", "forward"): of(formulas.roll, activation(4, 8, 8, 16), numbers(3, 1)),
    ("roll", "back"): of(formulas.roll, activation(4, 8, 8, 16), numbers(-3, 2)),
    ("float32", ""): of(lambda x: x, activation(4, 8)),
    ("learns", "yes"): of(lambda x: torch.tensor(True), activation(4, 8)),
    ("learns", "no"): of(lambda x: torch.tensor(False), activation(4, 8, gradient=False)),
    ("keep_gradient", ""): of(lambda x: x.detach(), activation(4, 8)),
    ("power", ""): of(
        lambda x, exponent: x ** exponent[0],
        given(lambda g: torch.rand((8, 9), generator=g) + 0.5, activation=True, gradient=True),
        numbers(1.5),
    ),
    ("upload", ""): of(lambda x, there: x, ON_HOST, state(1)),
    ("upload_pinned", ""): of(lambda x, there: x, ON_HOST, state(1), gpu_only=True),
    ("channels_last", ""): of(lambda x: x, MAPS, check=innermost),
    ("rows", ""): of(lambda places, x: x[places], index(3, 0, 3, 31), activation(32, 48)),
    ("set_rows", ""): of(formulas.set_rows, state(32, 48), index(3, 0, 31), state(3, 48)),
    ("take_rows", ""): of(
        lambda into, places, x: into.copy_(x[places]), state(3, 48), index(3, 0, 3), state(32, 48)
    ),
    ("overwrite", ""): of(lambda x, values: x.copy_(values), state(32, 48), state(32, 48)),
    ("zero", ""): of(formulas.zero, PAIR),
    ("batch_norm", "training"): of(
        formulas.batch_norm, MAPS, weight(16), weight(16), *NORM, TRAINING
    ),
    ("batch_norm", "evaluation"): of(
        formulas.batch_norm, MAPS, weight(16), weight(16), *NORM, EVALUATION
    ),
    ("batch_norm_plain", "training"): of(formulas.batch_norm_plain, MAPS, *NORM, TRAINING),
    ("batch_norm_plain", "evaluation"): of(formulas.batch_norm_plain, MAPS, *NORM, EVALUATION),
    ("fake_quantise", ""): of(
        formulas.fake_quantise, activation(8, 16, 9, 9, scale=4), numbers(1 / 32, 120)
    ),
    ("fake_quantise_rows", ""): of(
        lambda x, scales, how: formulas.quantised(x, scales[:, None, None, None], how[0], how[1]),
        weight(16, 8, 3, 3),
        given(lambda g: 2.0 ** -torch.arange(4, 8).repeat(4)),
        numbers(-127, 127),
    ),
    ("weight_scales", ""): of(
        formulas.weight_scales,
        given(with_empty_row),
        numbers(127),
    ),
    ("fold_factor", ""): of(
        lambda gain, variance, epsilon: gain / torch.sqrt(variance + epsilon[0]),
        weight(16),
        state(16, lowest=0.5),
        numbers(1e-5),
        tolerance=(1e-12, 1e-5),
    ),
    ("fold_weight", ""): of(
        lambda w, factor: w * factor[:, None, None, None],
        weight(16, 8, 3, 3),
        weight(16, dtype=torch.float64),
    ),
    ("fold_bias", ""): of(
        lambda bias, mean, factor, shift: (bias - mean) * factor + shift,
        weight(16),
        state(16),
        weight(16, dtype=torch.float64),
        weight(16),
    ),
    ("middle", ""): of(formulas.middle, activation(6, 16, 5, 5, gradient=False), numbers(4, 9)),
    ("clip_norm", "clipped"): of(formulas.clip_norm, PAIR, numbers(2)),
    ("clip_norm", "short"): of(formulas.clip_norm, PAIR, numbers(1000)),
    ("move_towards", ""): of(formulas.move_towards, PAIR, PAIR, numbers(0.25)),
    ("sgd", "nesterov"): of(formulas.sgd, PAIR, PAIR, PAIR, numbers(0.1, 5e-4, 0.9, 1)),
    ("sgd", "momentum"): of(formulas.sgd, PAIR, PAIR, PAIR, numbers(0.1, 5e-4, 0.9, 0)),
    ("sgd_plain", ""): of(formulas.sgd_plain, PAIR, PAIR, numbers(0.1, 5e-4, 0, 0)),
    ("adamw", ""): of(
        formulas.adamw,
        PAIR,
        PAIR,
        PAIR,
        [state(24, 16, lowest=0.01), state(40, lowest=0.01)],
        STEPS,
        numbers(0.1, 0.05, 0.9, 0.999, 1e-3),
    ),
}
