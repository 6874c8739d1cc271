"""A trunk as PinCLIP's image tower has it (arXiv 2603.03544): convolutions, then transformer stages of fewer and fewer tokens.

The paper's stem is InceptionNeXt-T; ours are the stages of an EfficientNet-lite down to a sixteenth of the side, with
their ImageNet weights. From 256 × 256 pixels there are 16 × 16 tokens, then 8 × 8, then 4 × 4. How a stage begins is
that of "Funnel-Transformer" (arXiv 2006.03236): pooled tokens ask, the tokens before pooling are seen. No transformer
weights are to be had, so these start at random.
"""

import copy

import torch
import torch.nn.functional as F
from torch import nn

from .trunks import Trunk

SIDE, STRIDE = 256, 16  # pixels
WIDTH, HEADS, DEPTHS = 256, 4, (2, 2, 2)  # blocks of 16 × 16, 8 × 8 and 4 × 4 tokens


class Block(nn.Module):
    """Attention and GELU layer with the normalisation in front: [N, L, D] -> [N, L, D]."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.norm, self.inner_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.inner = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: torch.Tensor, seen: torch.Tensor | None = None) -> torch.Tensor:
        """`seen`: other tokens [N, M, D] to look at in the place of `x`."""
        keys = self.norm(x if seen is None else seen)
        x = x + self.attention(self.norm(x), keys, keys, need_weights=False)[0]
        return x + self.inner(self.inner_norm(x))


class Funnel(nn.Module):
    """Normalised pixels [N, 3, 256, 256] -> [N, F, 4, 4], none below 0: what stands in the place of a trunk's last map."""

    def __init__(self, trunk: Trunk):
        super().__init__()
        self.features, self.side = trunk.features, SIDE // STRIDE
        stride, blocks = trunk.stem.stride, []
        for block in trunk.blocks:
            stride *= block.depthwise.stride
            if stride > STRIDE:
                break
            blocks.append(block)
        self.stem = copy.deepcopy(nn.Sequential(trunk.stem, *blocks))
        self.embed = nn.Linear(blocks[-1].project.weight.shape[0], WIDTH)
        self.places = nn.Parameter(torch.empty(self.side**2, WIDTH))
        self.stages = nn.ModuleList(nn.ModuleList(Block(WIDTH, HEADS) for _ in range(depth)) for depth in DEPTHS)
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, self.features)
        nn.init.trunc_normal_(self.places, std=0.02)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                nn.init.zeros_(layer.bias)

    def fresh(self) -> list[nn.Parameter]:
        """Parameters that start at random."""
        return [one for name, one in self.named_parameters() if not name.startswith("stem.")]

    @torch.no_grad()
    def expect(self, features: torch.Tensor) -> None:
        """Answers the mean of `features` [N, F] before it has learned anything."""
        self.head.weight.mul_(0.1)
        self.head.bias.copy_(features.mean(0))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.embed(self.stem(x).flatten(2).transpose(1, 2)) + self.places
        side = self.side
        for number, (first, *others) in enumerate(self.stages):
            if number == 0:
                x = first(x)
            else:
                grid = x.transpose(1, 2).unflatten(2, (side, side))
                side //= 2
                x = first(F.avg_pool2d(grid, 2).flatten(2).transpose(1, 2), x)
            for block in others:
                x = block(x)
        return F.relu(self.head(self.norm(x))).transpose(1, 2).unflatten(2, (side, side))
