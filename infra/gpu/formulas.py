"""What operators of Facet's TorchScript program stand for, written with other operators.

Inputs are as the operator gets them, numbers in float64; what an operator changes in place, its
formula changes in place.
"""

import math

import torch


def attention(q, k, v, bias=0.0):
    odds = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + bias
    shares = torch.exp(odds - odds.amax(-1, keepdim=True))
    return shares / shares.sum(-1, keepdim=True) @ v


def packed_attention(qkv, heads):
    batch, count, width = qkv.shape
    parts = qkv.view(batch, count, 3, int(heads[0]), -1)
    q, k, v = (parts[:, :, i].transpose(1, 2) for i in range(3))
    return attention(q, k, v).transpose(1, 2).reshape(batch, count, width // 3)


def along_both(matrix_of, x, side):
    """Rows and columns of maps, both mapped by the matrix of (from, to)."""
    tall, wide = (matrix_of(n, int(side[0])) for n in x.shape[2:])
    return tall @ x @ wide.T


def bilinear(before, after):
    matrix = torch.zeros(after, before, dtype=torch.float64)
    for i in range(after):
        place = max((i + 0.5) * before / after - 0.5, 0)
        low = int(place)
        matrix[i, low] += 1 - (place - low)
        matrix[i, min(low + 1, before - 1)] += place - low
    return matrix


def cells(before, after):
    matrix = torch.zeros(after, before, dtype=torch.float64)
    for i in range(after):
        first, end = i * before // after, -(-(i + 1) * before // after)
        matrix[i, first:end] = 1 / (end - first)
    return matrix


def resize(x, side):
    return along_both(bilinear, x, side)


def average_pool(x, side):
    return along_both(cells, x, side)


def cross_entropy(x, labels):
    return (torch.log(torch.exp(x).sum(1)) - x[torch.arange(len(x)), labels]).mean()


def roll(x, how):
    shift, axis = int(how[0]), int(how[1])
    start = -shift % x.shape[axis]
    return torch.cat([x.narrow(axis, start, x.shape[axis] - start), x.narrow(axis, 0, start)], axis)


def set_rows(x, places, rows):
    for place, row in zip(places.tolist(), rows):
        x[place] = row
    return x


def batch_norm(x, w, b, mean, variance, how):
    return batch_norm_plain(x, mean, variance, how) * w[:, None, None] + b[:, None, None]


def batch_norm_plain(x, mean, variance, how):
    used_mean, used_variance = mean.clone(), variance.clone()
    if how[0]:
        n = x.numel() / x.shape[1]
        used_mean = x.mean((0, 2, 3))
        used_variance = (x - used_mean[:, None, None]).square().mean((0, 2, 3))
        kept = 1 - how[1]
        mean.copy_(kept * mean + how[1] * used_mean.detach())
        variance.copy_(kept * variance + how[1] * used_variance.detach() * n / (n - 1))
    centred = x - used_mean[:, None, None]
    return centred / torch.sqrt(used_variance + how[2])[:, None, None]


def quantised(x, scale, lowest, highest):
    """Rounded to steps; the gradient passes where the range holds the number."""
    steps = torch.round(x / scale)
    inside = (steps >= lowest) & (steps <= highest)
    passing = torch.where(inside, x, x.detach())
    return passing + (steps.clamp(lowest, highest) * scale - passing).detach()


def fake_quantise(x, how):
    return quantised(x, how[0], -how[1], 255 - how[1])


def weight_scales(w, largest):
    highest = w.flatten(1).abs().max(1).values / largest[0]
    return highest + (highest == 0)


def middle(x, how):
    order = x[: int(how[0])].flatten().sort().values
    return torch.stack([order[int(how[1]) - 1], order[-int(how[1])]])


def clip_norm(gradients, maximum):
    norm = math.sqrt(sum(g.square().sum().item() for g in gradients))
    for g in gradients:
        g.mul_(min(1, maximum.item() / (norm + 1e-6)))
    return torch.tensor(norm, dtype=torch.float64)


def move_towards(arrays, targets, how):
    for a, t in zip(arrays, targets):
        a.copy_((1 - how[0]) * a + how[0] * t)
    return how


def sgd(ws, gradients, velocities, how):
    rate, decay, momentum, nesterov = how.tolist()
    for w, g, v in zip(ws, gradients, velocities):
        decayed = g + decay * w
        v.copy_(momentum * v + decayed)
        w.sub_(rate * (decayed + momentum * v if nesterov else v))
    return how


def sgd_plain(ws, gradients, how):
    return sgd(ws, gradients, [torch.zeros_like(w) for w in ws], how)


def adamw(ws, gradients, means, squares, steps, how):
    rate, decay, beta1, beta2, epsilon = how.tolist()
    for w, g, m, s, t in zip(ws, gradients, means, squares, steps):
        m.copy_(beta1 * m + (1 - beta1) * g)
        s.copy_(beta2 * s + (1 - beta2) * g * g)
        height = m / (1 - beta1**t)
        w.copy_((1 - rate * decay) * w - rate * height / ((s / (1 - beta2**t)).sqrt() + epsilon))
    return how
