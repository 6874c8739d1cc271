"""Embeddings of an open vocabulary in a small table: two rows an id, each with a weight (Svenstrup et al., 2017)."""

import torch
import torch.nn.functional as F
from torch import nn

PRIME = 2**31 - 1
SEED = 20220611  # which hash functions; part of a trained table


class HashedEmbedding(nn.Module):
    """id -> w1 E[h1(id)] + w2 E[h2(id)], summed over the ids of a row; h(x) = ((a x + b) mod p) mod `rows`.

    Weights are shared by ids that hash to one of `weights` cells. Ids are 1 … p - 1; 0 is none.
    """

    def __init__(self, rows: int, weights: int, dimensions: int):
        super().__init__()
        generator = torch.Generator().manual_seed(SEED)
        self.register_buffer("factor", torch.randint(1, PRIME, (3,), generator=generator))
        self.register_buffer("offset", torch.randint(0, PRIME, (3,), generator=generator))
        self.table = nn.Parameter(torch.randn(rows, dimensions) * 0.05)
        self.weights = nn.Parameter(torch.ones(weights, 2))

    def cells(self, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Two rows of the table and one of the weights, each of the shape of `ids`."""
        sizes = (len(self.table), len(self.table), len(self.weights))
        return tuple(
            (self.factor[k] * ids.long() + self.offset[k]) % PRIME % size for k, size in enumerate(sizes)
        )

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """ids [N, G], zeros are padding -> their sum over the root of their number [N, dimensions]."""
        first, second, weight = self.cells(ids)
        present = (ids != 0).float()
        weights = self.weights[weight] * present[..., None]
        total = F.embedding_bag(first, self.table, per_sample_weights=weights[..., 0].contiguous(), mode="sum")
        total = total + F.embedding_bag(second, self.table, per_sample_weights=weights[..., 1].contiguous(), mode="sum")
        # A root, not the mean: many n-grams say more than few, but not in proportion.
        return total / present.sum(1, keepdim=True).clamp(min=1).sqrt()
