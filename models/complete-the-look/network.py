"""Global and local compatibility with category attention ("Complete the Look", arXiv 1812.01748, section 4).

With unit vectors and attention that sums to one, the paper's distance is an inner product:
d(s, p) = 1/2 (|f_s - f_p|^2 + sum_i a_i |f_i - f_p|^2) = 2 - q . f_p with q = f_s + sum_i a_i f_i.
So a scene and a category make one query vector, and ranking products is an inner-product search.
"""

import torch
import torch.nn.functional as F
from torch import nn

DIMENSIONS = 128
MODES = ("full", "global", "local", "uniform")  # uniform: full with equal attention


class Projection(nn.Module):
    """g: Linear - BN - ReLU - Dropout - Linear - L2, for [..., channels] -> unit vectors [..., 128]."""

    def __init__(self, channels: int, hidden: int, dropout: float):
        super().__init__()
        self.first, self.norm = nn.Linear(channels, hidden), nn.BatchNorm1d(hidden)
        self.dropout, self.second = nn.Dropout(dropout), nn.Linear(hidden, DIMENSIONS)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shape = x.shape[:-1]
        x = self.norm(self.first(x.reshape(-1, x.shape[-1])))
        return F.normalize(self.second(self.dropout(F.relu(x))), dim=-1).reshape(*shape, DIMENSIONS)


class CompleteTheLook(nn.Module):
    """`channels` of the map, number of `categories`; `mode` is one of MODES."""

    def __init__(self, channels: int, categories: int, hidden: int = 128, dropout: float = 0.3, mode: str = "full"):
        super().__init__()
        self.mode = mode
        self.overall = Projection(channels, hidden, dropout)  # g_G, of scenes and of products
        if mode != "global":
            self.local = Projection(channels, hidden, dropout)  # g_L
        if mode in ("full", "local"):
            self.attending = Projection(channels, hidden, dropout)  # g of the attention
            self.categories = nn.Parameter(torch.randn(categories, DIMENSIONS) * DIMENSIONS**-0.5)

    def product(self, pooled: torch.Tensor) -> torch.Tensor:
        """Mean of a product's map [N, channels] -> f_p [N, 128]."""
        return self.overall(pooled)

    def attention(self, regions: torch.Tensor, category: torch.Tensor) -> torch.Tensor:
        """softmax over the regions of -|f_i - e_c|^2: [N, R, channels], [N] -> [N, R].

        |f_i| is 1 and |e_c| the same for all regions: 2 f_i . e_c remains.
        """
        return torch.softmax(2 * (self.attending(regions) @ self.categories[category].unsqueeze(-1)).squeeze(-1), 1)

    def query(self, regions: torch.Tensor, pooled: torch.Tensor, category: torch.Tensor) -> torch.Tensor:
        """q [N, 128] with d(s, p) = 2 - q . f_p; regions [N, R, channels], or a part of them, pooled [N, channels]."""
        if self.mode == "global":
            return 2 * self.overall(pooled)
        local = self.local(regions)
        if self.mode == "uniform":
            seen = local.mean(1)
        else:
            seen = (self.attention(regions, category).unsqueeze(-1) * local).sum(1)
        return 2 * seen if self.mode == "local" else self.overall(pooled) + seen
