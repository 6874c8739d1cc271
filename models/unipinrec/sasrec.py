"""SASRec (arXiv 1808.09781) with cross-entropy over the whole catalogue: the baseline that is to be beaten, tuned as well.

Causal transformer over item embeddings with learned positions; the score of an item is the product of what the last
token says with its embedding. Cross-entropy instead of one negative: "Turning Dross Into Gold Loss" (RecSys 2023).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class SASRecConfig:
    width: int = 64
    layers: int = 2
    heads: int = 2
    feed_forward: int = 4  # times the width
    dropout: float = 0.2
    longest: int = 200


class Layer(nn.Module):
    """Pre-norm attention and feed-forward layer."""

    def __init__(self, config: SASRecConfig):
        super().__init__()
        width = config.width
        self.heads, self.dropout = config.heads, config.dropout
        self.attention_norm, self.feed_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, config.feed_forward * width), nn.Linear(config.feed_forward * width, width)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.qkv(self.attention_norm(x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        dropout = self.dropout if self.training else 0.0
        found = F.scaled_dot_product_attention(q, k, v, dropout_p=dropout, is_causal=True)
        x = x + self.drop(self.out(found.transpose(1, 2).flatten(2)))
        return x + self.drop(self.down(F.gelu(self.up(self.feed_norm(x)))))


class SASRec(nn.Module):
    """Sequences are right-padded; the causal mask keeps padding out."""

    def __init__(self, config: SASRecConfig, count: int):
        super().__init__()
        self.config = config
        self.items = nn.Embedding(count, config.width)
        self.positions = nn.Embedding(config.longest, config.width)
        self.drop = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        nn.init.normal_(self.items.weight, std=0.02)
        nn.init.normal_(self.positions.weight, std=0.02)

    def queries(self, items: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """items [B, n], lengths [B] -> [B, n, W], whose products with `vectors` score the item after each."""
        # Counted from the end of the window, so that the latest item has the same place in each.
        at = (lengths[:, None] - 1 - torch.arange(items.shape[1], device=items.device)).clamp(min=0)
        x = self.drop(self.items(items) + self.positions(at))
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)

    def vectors(self) -> torch.Tensor:
        return self.items.weight

    def scale(self) -> float:
        return 1.0
