"""The cases of the operator that runs sequences of layers."""

import torch

import formulas
from inputs import MAPS, NORM, activation, given, index, numbers, of, small, state, weight


def masks(g):
    """Penalties of the pairs of four windows."""
    return -100.0 * torch.randint(2, (4, 1, 4, 4), generator=g)


# A grid of 4x4 tokens in windows of 2x2, without and with a prompt that stands behind each window.
WINDOWS = [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]
PAIRS = [4, 3, 1, 0, 5, 4, 2, 1, 7, 6, 4, 3, 8, 7, 5, 4]
PROMPTED = [token for i in range(4) for token in (*WINDOWS[4 * i : 4 * i + 4], 16)]
PROMPTED_PAIRS = [*(p for i in range(4) for p in (*PAIRS[4 * i : 4 * i + 4], 9)), *[9] * 5]


def case(x, weights, *steps):
    """A sequence of layers, each a name and its own numbers."""
    return of(formulas.layers, x, weights, numbers(*formulas.plan(*steps)))


CASES = {
    # Activations stand first: what bfloat16 rounds past zero would look like a fault.
    ("layers", "residual block"): case(
        MAPS,
        [weight(16), weight(16, 8, 3, 3), weight(16), weight(16), *NORM, weight(16, 16, 1, 1)],
        ["channels_last"],
        ["keep"],
        ["prelu"],
        ["convolution", 1, 1, 2],
        ["batch_norm", 1, 0.1, 1e-5],
        ["add_kept"],
        ["convolution", 1, 0, 1],
        ["add_kept"],
    ),
    ("layers", "shortcut"): case(
        MAPS,
        [weight(24, 16, 3, 3), weight(24, 16, 1, 1)],
        ["relu"],
        ["keep"],
        ["convolution", 2, 1, 1],
        ["swap"],
        ["every", 2],
        ["convolution", 1, 0, 1],
        ["add_kept"],
    ),
    ("layers", "embedding"): case(
        activation(8, 16, 9, 9, scale=5),
        [
            *[weight(16, 1, 9, 9), weight(32, 16), weight(24, 32), weight(24)],
            *[state(24), state(24, lowest=0.5)],
        ],
        ["relu6"],
        ["convolution", 1, 0, 16],
        ["flatten"],
        ["linear", 0],
        ["linear", 1],
        ["batch_norm_plain", 0, 0.1, 1e-5],
    ),
    ("layers", "tokens"): case(
        activation(4, 49, 64),
        [weight(64), weight(64), small(192, 64), weight(192), small(64, 64)],
        ["gelu"],
        ["keep"],
        ["layer_norm", 1e-5],
        ["linear", 1],
        ["attention", 4],
        ["linear", 0],
        ["add_kept"],
        ["mean_token"],
    ),
    ("layers", "maps of tokens"): case(
        activation(4, 7, 7, 64),
        [weight(96, 64), weight(96), weight(32, 96)],
        ["linear", 1],
        ["linear", 0],
    ),
    ("layers", "places"): case(
        MAPS,
        [weight(16, 1, 3, 3), weight(16), weight(16), weight(16), weight(16)],
        ["branch"],
        ["biased_convolution", 1, 1, 16],
        ["to_places"],
        ["layer_norm", 1e-6],
        ["scale"],
        ["to_maps"],
        ["join"],
    ),
    ("layers", "channels"): case(
        MAPS,
        [
            *[weight(6, 1, 3, 3), weight(6), weight(6, 1, 3, 3), weight(6)],
            *[state(1, 8, 9, 9), weight(16, 8, 1, 1), weight(16)],
            *[weight(16), weight(16), small(48, 16), weight(4, 1, 1), small(16, 16)],
        ],
        ["branch"],
        ["cascade", 2, 6, 1],
        ["to_tokens"],
        ["positions"],
        ["branch"],
        ["layer_norm", 1e-6],
        ["linear", 0],
        ["channel_attention", 4],
        ["linear", 0],
        ["join"],
        ["reshape", 9, 9, 16],
        ["to_maps"],
        ["join"],
    ),
    ("layers", "windows"): case(
        activation(4, 16, 32),
        [
            *[index(*WINDOWS), small(96, 32), weight(9, 4), index(*PAIRS), given(masks)],
            index(*WINDOWS),
        ],
        ["choose"],
        ["linear", 0],
        ["window_attention", 4, 4, 1],
        ["merge_windows", 4, 4],
    ),
    ("layers", "windows with a prompt"): case(
        activation(4, 17, 32),
        [
            *[index(*PROMPTED), small(96, 32), weight(9, 4), index(*PROMPTED_PAIRS)],
            *[index(*(PROMPTED.index(i) for i in range(16))), small(64, 32)],
        ],
        ["choose"],
        ["linear", 0],
        ["window_attention", 4, 4, 0],
        ["merge_windows", 4, 4],
        ["linear", 0],
        ["reshape", 1, 17 * 64],
    ),
}
