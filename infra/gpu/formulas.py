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
    parts = qkv.view(batch, count, 3, heads, -1)
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


def convolution(x, w, stride, padding, groups):
    out, depth, side, _ = w.shape
    columns = torch.nn.functional.unfold(x, side, padding=padding, stride=stride)
    columns = columns.view(len(x), groups, depth * side * side, -1)
    kernels = w.reshape(groups, out // groups, -1)
    sums = torch.einsum("goc,bgcp->bgop", kernels, columns)
    return sums.reshape(len(x), out, (x.shape[2] + 2 * padding - side) // stride + 1, -1)


def gelu(x):
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2


def relu6(x):
    return torch.where((x > 0) & (x < 6), x, x.detach().clamp(0, 6))


def prelu(x, slope):
    return torch.where(x > 0, x, x * slope[:, None, None])


def layer_norm(x, w, b, epsilon):
    centred = x - x.mean(-1, keepdim=True)
    return centred / torch.sqrt(centred.square().mean(-1, keepdim=True) + epsilon) * w + b


# The steps of a sequence of layers in the order of their numbers.
STEPS = """convolution batch_norm batch_norm_plain prelu relu relu6 gelu keep swap add_kept
channels_last every flatten linear layer_norm mean_token attention biased_convolution scale branch
join to_places to_maps to_tokens reshape choose cascade positions channel_attention
window_attention merge_windows""".split()


def plan(*steps):
    """The numbers of a sequence of layers: each a name and its own numbers."""
    rows = []
    for name, *own in steps:
        rows += [STEPS.index(name), *own, *[0] * (3 - len(own))]
    return rows


def layers(x, weights, numbers):
    y = kept = x
    waiting = []
    left = iter(weights)
    for number, *own in numbers.view(-1, 4).tolist():
        step = STEPS[int(number)]
        if step == "convolution":
            y = convolution(y, next(left), *map(int, own))
        elif step == "batch_norm":
            y = batch_norm(y, *(next(left) for _ in range(4)), own)
        elif step == "batch_norm_plain":
            y = batch_norm_plain(y[:, :, None, None], next(left), next(left), own).flatten(1)
        elif step == "prelu":
            y = prelu(y, next(left))
        elif step == "linear":
            y = y @ next(left).T
            y = y + next(left) if own[0] else y
        elif step == "layer_norm":
            y = layer_norm(y, next(left), next(left), own[0])
        elif step == "biased_convolution":
            y = convolution(y, next(left), *map(int, own)) + next(left)[:, None, None]
        elif step == "scale":
            y = y * next(left)
        elif step == "choose":
            y = y[:, next(left)]
        elif step == "cascade":
            y = cascade(y, [next(left) for _ in range(2 * int(own[0]))], int(own[2]))
        elif step == "positions":
            table, kernel, bias = (next(left) for _ in range(3))
            y = y + (convolution(table, kernel, 1, 0, 1) + bias[:, None, None]).flatten(2).mT
        elif step == "channel_attention":
            y = channel_attention(y, int(own[0]), next(left))
        elif step == "window_attention":
            table, positions = next(left), next(left)
            mask = next(left) if own[2] else torch.zeros(int(own[1]), 1, 1, 1)
            y = window_attention(y, int(own[0]), table, positions, mask)
        elif step == "merge_windows":
            behind = y.unflatten(1, (int(own[0]), -1))[:, :, int(own[1]) :]
            y = torch.cat([y[:, next(left)], behind.mean(1)], 1)
        elif step == "branch":
            waiting.append(y)
        elif step == "join":
            y = waiting.pop() + y
        elif step == "keep":
            kept = y
        elif step == "swap":
            y, kept = kept, y
        elif step == "add_kept":
            y = kept = y + kept
        else:
            y = {
                "relu": lambda: y * (y > 0),
                "relu6": lambda: relu6(y),
                "gelu": lambda: gelu(y),
                "channels_last": lambda: y,
                "every": lambda: y[:, :, :: int(own[0]), :: int(own[0])],
                "flatten": lambda: y.flatten(1),
                "mean_token": lambda: y.mean(1),
                "attention": lambda: packed_attention(y, int(own[0])),
                "to_places": lambda: y.movedim(1, -1),
                "to_maps": lambda: y.movedim(-1, 1),
                "to_tokens": lambda: y.flatten(2).mT,
                "reshape": lambda: y.reshape(len(y), *(int(n) for n in own if n)),
            }[step]()
    return y


def cascade(x, weights, padding):
    """Groups of channels, each through its convolution after the sum with the one before."""
    width = len(weights[0])
    outputs = []
    for i in range(0, len(weights), 2):
        group = x[:, i // 2 * width : (i // 2 + 1) * width]
        group = group + outputs[-1] if outputs else group
        mapped = convolution(group, weights[i], 1, padding, width)
        outputs.append(mapped + weights[i + 1][:, None, None])
    return torch.cat([*outputs, x[:, len(outputs) * width :]], 1)


def channel_attention(qkv, heads, temperature):
    q, k, v = qkv.unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 4, 1)
    q, k = (part / part.square().sum(-1, keepdim=True).sqrt() for part in (q, k))
    shares = torch.exp(temperature * (q @ k.mT))
    mixed = shares / shares.sum(-1, keepdim=True) @ v
    return mixed.permute(0, 3, 1, 2).flatten(2)


def window_attention(qkv, heads, table, positions, mask):
    """Each window of tokens alone; pairs whose position is behind the table have no bias."""
    size = qkv.shape[1] // len(mask)
    rows = torch.cat([table, torch.zeros_like(table[:1])])[positions]
    bias = rows.view(size, size, heads).permute(2, 0, 1)
    mixed = []
    for tokens, penalty in zip(qkv.split(size, 1), mask):
        q, k, v = tokens.unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4)
        mixed.append(attention(q, k, v, bias + penalty).transpose(1, 2).flatten(2))
    return torch.cat(mixed, 1)


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


def zero(arrays):
    for a in arrays:
        a.mul_(0)
    return arrays[0]


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
