"""Count-min sketch of a stream of ids (Cormode and Muthukrishnan, 2005): how often each was seen, in fixed memory."""

import torch

PRIME = 2**31 - 1


class CountMinSketch:
    """`depth` rows of `width` counters. An estimate is never too low; by chance it is too high by about n / width."""

    def __init__(self, width: int = 1 << 16, depth: int = 4, seed: int = 0):
        generator = torch.Generator().manual_seed(seed)
        self.factor = torch.randint(1, PRIME, (depth, 1), generator=generator)
        self.offset = torch.randint(0, PRIME, (depth, 1), generator=generator)
        self.counts = torch.zeros(depth, width, dtype=torch.int64)
        self.total = 0

    def _cells(self, ids: torch.Tensor) -> torch.Tensor:
        """Counter of each id in each row: [depth, N]."""
        return (self.factor * (ids[None] % PRIME) + self.offset) % PRIME % self.counts.shape[1]

    def add(self, ids: torch.Tensor) -> None:
        """Counts ids [N], 0 ≤ id < 2^63, repeated ones as often as they come."""
        self.counts.scatter_add_(1, self._cells(ids), torch.ones(len(self.counts), len(ids), dtype=torch.int64))
        self.total += len(ids)

    def count(self, ids: torch.Tensor) -> torch.Tensor:
        """Estimated number of times that each of ids [N] was added."""
        return self.counts.gather(1, self._cells(ids)).amin(0)

    def log_probability(self, ids: torch.Tensor) -> torch.Tensor:
        """log of each id's estimated share of the stream; an id never seen counts as seen once."""
        return torch.log(self.count(ids).clamp(min=1) / max(self.total, 1))
