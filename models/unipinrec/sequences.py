"""Sequences of items without actions (ML-1M, Amazon Beauty): leave-one-out splits and batches for next-item training.

The last item of a person is the test, the one before it validates. Items are 0..count-1.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

IGNORED = -100  # as a target: padding
BUCKETS = 8  # batches whose sequences are sorted by length together


@dataclass(frozen=True)
class Sequences:
    items: torch.Tensor  # int64 [T], people one after the other, each oldest first
    offsets: torch.Tensor  # int64 [U + 1]
    count: int  # of items

    @property
    def people(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> torch.Tensor:
        return self.offsets.diff()

    def to(self, device: torch.device) -> "Sequences":
        return replace(self, items=self.items.to(device), offsets=self.offsets.to(device))

    def windows(
        self, people: torch.Tensor, ends: torch.Tensor, longest: int, width: int | None = None
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The items before place `ends` [B] of each of `people` [B]: at most `longest`, the latest.

        -> items [B, n], the item after each [B, n] (`IGNORED` at padding), lengths [B]. The item after the last one
        is that at `ends`: what is to be found. `width`: n, where it is known (asking a GPU for it takes a wait).
        """
        lengths = ends.clamp(max=longest)
        at = torch.arange(width or int(lengths.max()), device=self.items.device)
        places = (self.offsets[people] + ends - lengths)[:, None] + at
        real = at < lengths[:, None]
        places = torch.where(real, places, self.offsets[people][:, None])
        following = torch.where(real, self.items[places + 1], IGNORED)
        return self.items[places], following, lengths


def load(path: Path) -> Sequences:
    """A set of `pack.py`."""
    with np.load(path) as pack:
        return Sequences(
            torch.from_numpy(pack["items"].astype(np.int64)),
            torch.from_numpy(pack["offsets"].astype(np.int64)),
            int(pack["count"]),
        )


def target_places(lengths: torch.Tensor, part: str) -> torch.Tensor:
    """Place of the last item that a part may see as a target [U].

    `learn`: that before the two held out; `relearn`: the validation's (the protocol of HSTU's code, which holds out
    the last item only); `valid`, `test`.
    """
    return lengths - {"learn": 3, "relearn": 2, "valid": 2, "test": 1}[part]


def drawn_ends(last: np.ndarray, longest: int, share: float, draw: np.random.Generator) -> np.ndarray:
    """Where each window ends: mostly at the last target, with probability `share` anywhere that leaves it full.

    Long sequences are longer than a window, and their beginnings would never be learned from.
    """
    earliest = np.minimum(last, longest)
    moved = earliest + (draw.random(len(last)) * (last - earliest + 1)).astype(np.int64)
    return np.where(draw.random(len(last)) < share, moved, last)


def batches(ends: np.ndarray, longest: int, size: int, draw: np.random.Generator) -> list[np.ndarray]:
    """Everybody once, in random batches of people whose windows are of about one length (less padding)."""
    order = draw.permutation(len(ends))
    sorted_runs = []
    for begin in range(0, len(order), BUCKETS * size):
        run = order[begin : begin + BUCKETS * size]
        sorted_runs.append(run[np.argsort(np.minimum(ends[run], longest), kind="stable")])
    order = np.concatenate(sorted_runs)
    cut = [order[begin : begin + size] for begin in range(0, len(order), size)]
    return [cut[at] for at in draw.permutation(len(cut))]
