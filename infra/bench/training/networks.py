"""Facet's networks written in plain PyTorch, with the same weight names."""

import math

import torch
from torch import nn
from torch.nn import functional


class ConvolutionUnit(nn.Module):
    """Convolution, batch normalisation and, if wanted, PReLU."""

    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, groups=1, activated=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        self.prelu = nn.PReLU(outputs) if activated else nn.Identity()

    def forward(self, x):
        return self.prelu(self.bn(self.conv(x)))


class InvertedResidual(nn.Module):
    """1x1 expansion, 3x3 depthwise, 1x1 projection."""

    def __init__(self, inputs, outputs, expansion, stride, residual):
        super().__init__()
        self.conv = ConvolutionUnit(inputs, expansion, 1)
        self.conv_dw = ConvolutionUnit(expansion, expansion, 3, stride, 1, expansion)
        self.project = ConvolutionUnit(expansion, outputs, 1, activated=False)
        self.residual = residual

    def forward(self, x):
        y = self.project(self.conv_dw(self.conv(x)))
        return x + y if self.residual else y


class ResidualStage(nn.Module):
    """Residual blocks in a row."""

    def __init__(self, channels, expansion, count):
        super().__init__()
        self.model = nn.Sequential(
            *(InvertedResidual(channels, channels, expansion, 1, True) for _ in range(count))
        )

    def forward(self, x):
        return self.model(x)


class EmbeddingHead(nn.Module):
    """Global depthwise convolution, linear map, batch normalisation."""

    def __init__(self, channels, embedding, affine):
        super().__init__()
        self.conv_6_dw = ConvolutionUnit(
            channels, channels, 7, groups=channels, activated=False
        )
        self.linear = nn.Linear(channels, embedding, bias=False)
        self.bn = nn.BatchNorm1d(embedding, affine=affine)

    def forward(self, x):
        return self.bn(self.linear(self.conv_6_dw(x).flatten(1)))


class MobileFaceNet(nn.Module):
    """MobileFaceNet (Chen et al. 2018), in the layouts "classic" and "mbf"."""

    def __init__(self, layout="mbf", width=1.0, embedding=512):
        super().__init__()
        narrow = max(8, int(64 * width / 8 + 0.5) * 8)
        first = narrow if layout == "classic" else 2 * narrow
        second, wide = 2 * first, 8 * narrow
        self.conv1 = ConvolutionUnit(3, first, 3, 2, 1)
        self.conv2_dw = ConvolutionUnit(first, first, 3, 1, 1, narrow)
        self.conv_23 = InvertedResidual(first, first, 2 * narrow, 2, False)
        self.conv_3 = ResidualStage(first, 2 * narrow, 4)
        self.conv_34 = InvertedResidual(first, second, 4 * narrow, 2, False)
        self.conv_4 = ResidualStage(second, 4 * narrow, 6)
        self.conv_45 = InvertedResidual(second, second, 8 * narrow, 2, False)
        self.conv_5 = ResidualStage(second, 4 * narrow, 2)
        self.conv_6_sep = ConvolutionUnit(second, wide, 1)
        self.output_layer = EmbeddingHead(wide, embedding, layout != "classic")

    def forward(self, x):
        x = self.conv2_dw(self.conv1(x))
        x = self.conv_3(self.conv_23(x))
        x = self.conv_4(self.conv_34(x))
        x = self.conv_5(self.conv_45(x))
        return self.output_layer(self.conv_6_sep(x))


class Attention(nn.Module):
    """Multi-head self-attention."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        batch, count, width = x.shape
        qkv = self.qkv(x).reshape(batch, count, 3, self.heads, width // self.heads)
        queries, keys, values = qkv.permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(queries, keys, values)
        return self.proj(attended.transpose(1, 2).reshape(batch, count, width))


class Mlp(nn.Module):
    """Two linear maps with ReLU6 between them."""

    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(functional.relu6(self.fc1(x)))


class Block(nn.Module):
    """Pre-norm transformer block."""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = Mlp(width, hidden)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    """ViT for faces as in arcface_torch: no class token; all tokens or their mean are embedded."""

    def __init__(self, dim, depth, heads, patch, image=112, embedding=512, pooling="flatten"):
        super().__init__()
        tokens = (image // patch) ** 2
        self.flatten = pooling == "flatten"
        self.pos_embed = nn.Parameter(torch.zeros(1, tokens, dim))
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv2d(3, dim, patch, patch)
        self.blocks = nn.Sequential(*(Block(dim, heads, 4 * dim) for _ in range(depth)))
        self.norm = nn.LayerNorm(dim)
        self.feature = nn.Sequential(
            nn.Linear(tokens * dim if self.flatten else dim, dim, bias=False),
            nn.BatchNorm1d(dim, eps=2e-5),
            nn.Linear(dim, embedding, bias=False),
            nn.BatchNorm1d(embedding, eps=2e-5),
        )

    def forward(self, x):
        x = self.patch_embed.proj(x).flatten(2).transpose(1, 2) + self.pos_embed
        x = self.norm(self.blocks(x))
        return self.feature(x.flatten(1) if self.flatten else x.mean(1))


def network(kind, options):
    """A network by Facet's key and options."""
    if kind == "mobilefacenet":
        return MobileFaceNet(**options)
    if kind == "vit":
        return VisionTransformer(**options)
    raise ValueError(f"no network '{kind}'")


def load(model, tensors):
    """Takes in weights by Facet's names; every one must fit."""
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise ValueError(f"weights do not fit: missing {missing}, not known {unexpected}")


def arcface(embeddings, weight, labels, scale=64.0, margin=0.5):
    """ArcFace's logits (Deng et al. 2019), a straight line where angle and margin exceed pi."""
    cosines = functional.normalize(embeddings) @ functional.normalize(weight).t()
    index = labels[:, None]
    target = cosines.gather(1, index).clamp(-1 + 1e-7, 1 - 1e-7)
    sine = (1 - target * target).sqrt()
    shifted = target * math.cos(margin) - sine * math.sin(margin)
    line = target - margin * math.sin(math.pi - margin)
    shifted = torch.where(target > math.cos(math.pi - margin), shifted, line)
    return cosines.scatter(1, index, shifted) * scale


def weight_groups(modules, decay):
    """Parameters for an optimiser: decay on matrices and kernels, none on vectors."""
    named = [pair for module in modules for pair in module.named_parameters()]
    matrix = lambda name, p: p.dim() > 1 and not name.endswith("pos_embed")  # noqa: E731
    return [
        {"params": [p for n, p in named if matrix(n, p)], "weight_decay": decay},
        {"params": [p for n, p in named if not matrix(n, p)], "weight_decay": 0.0},
    ]
