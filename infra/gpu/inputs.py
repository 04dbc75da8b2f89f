"""What the cases of operators are made of: arrays that are drawn, and formulas."""

import dataclasses
import math
import typing
import zlib

import torch


@dataclasses.dataclass(frozen=True)
class Input:
    """One array of an operator. An activation comes as bfloat16 under autocast."""

    make: typing.Callable
    activation: bool = False
    gradient: bool = False
    host: bool = False


def activation(*shape, scale=1.0, gradient=True):
    return Input(lambda g: scale * torch.randn(shape, generator=g), True, gradient)


def weight(*shape, dtype=torch.float32):
    return Input(lambda g: torch.randn(shape, generator=g, dtype=dtype), gradient=True)


def small(*shape):
    """A matrix that keeps the size of what it maps."""
    return Input(lambda g: torch.randn(shape, generator=g) / math.sqrt(shape[1]), gradient=True)


def state(*shape, lowest=None):
    def make(g):
        x = torch.randn(shape, generator=g)
        return x if lowest is None else x.abs() + lowest

    return Input(make)


def given(make, **how):
    return Input(make, **how)


def index(*values):
    return Input(lambda g: torch.tensor(values))


def numbers(*values):
    """Numbers of an operator, which Facet keeps in host memory."""
    return Input(lambda g: torch.tensor(values, dtype=torch.float64), host=True)


@dataclasses.dataclass(frozen=True)
class Case:
    formula: typing.Callable
    inputs: tuple
    tolerance: tuple = None
    check: typing.Callable = None
    gpu_only: bool = False

    @property
    def differentiable(self):
        return any(i.gradient for i in flat(self.inputs))

    def draw(self, name, half):
        """The arrays, the same at each call."""
        g = torch.Generator().manual_seed(zlib.crc32(name.encode()))

        def one(i):
            x = i.make(g)
            return x.bfloat16() if half and i.activation else x

        return self._each(one, self.inputs)

    def formula_inputs(self, drawn):
        return self._each(
            lambda i, x: _leaf(x.double() if x.is_floating_point() else x, i), self.inputs, drawn
        )

    def operator_inputs(self, drawn, device):
        return self._each(
            lambda i, x: _leaf(x.to("cpu" if i.host else device), i), self.inputs, drawn
        )

    @staticmethod
    def _each(action, *columns):
        return [
            [action(*parts) for parts in zip(*row)] if isinstance(row[0], list) else action(*row)
            for row in zip(*columns)
        ]


def _leaf(x, i):
    return x.detach().clone().requires_grad_(i.gradient)


def flat(inputs):
    for x in inputs:
        yield from x if isinstance(x, list) else [x]


def weights(shape):
    """What each number of a result counts in the loss whose gradient flows back."""
    g = torch.Generator().manual_seed(7)
    return torch.randn(shape, generator=g)


def of(formula, *inputs, **how):
    return Case(formula, inputs, **how)


MAPS = activation(8, 16, 9, 9)
NORM = [state(16), state(16, lowest=0.5)]
