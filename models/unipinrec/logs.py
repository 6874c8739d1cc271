"""Logs of people: histories of (item, actions) tokens, and slates with what was done with each item.

Both sets of logs have this form: ML-100k, whose slates are the next items that a person rated in real time, and the
showroom's, whose slates were shown.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from network import ACTIONS

PARTS = ("learn", "valid", "test")
CLICK, SAVE, HIDE = ACTIONS.index("click"), ACTIONS.index("save"), ACTIONS.index("hide")


@dataclass(frozen=True)
class Batch:
    """Histories, right-padded, and one later slate each, right-padded too."""

    items: torch.Tensor  # int64 [B, n]
    actions: torch.Tensor  # float [B, n, C]
    gaps: torch.Tensor  # float [B, n], ln(1 + seconds since the token before), 0 for the first
    surfaces: torch.Tensor  # int64 [B, n]
    lengths: torch.Tensor  # int64 [B]
    slate: torch.Tensor  # int64 [B, k]
    slate_actions: torch.Tensor  # float [B, k, C]
    slate_real: torch.Tensor  # bool [B, k]
    slate_gap: torch.Tensor  # float [B]
    slate_surface: torch.Tensor  # int64 [B]

    @property
    def real(self) -> torch.Tensor:
        """bool [B, n]: no padding."""
        return torch.arange(self.items.shape[1], device=self.items.device) < self.lengths[:, None]


@dataclass(frozen=True)
class Logs:
    """`items`, `actions`, `times`, `surfaces`: one row a token, people one after the other, each oldest first.

    A slate's history is the tokens from its person's first, `begins`, to `cuts`; all of them happened before it.
    """

    items: torch.Tensor  # int64 [T]
    actions: torch.Tensor  # float [T, C]
    times: torch.Tensor  # float64 [T], seconds
    surfaces: torch.Tensor  # int64 [T]
    begins: torch.Tensor  # int64 [S]
    cuts: torch.Tensor  # int64 [S]
    slates: torch.Tensor  # int64 [S, k], -1: padding
    slate_actions: torch.Tensor  # float [S, k, C]
    slate_times: torch.Tensor  # float64 [S], seconds
    slate_surfaces: torch.Tensor  # int64 [S]
    parts: torch.Tensor  # int64 [S], into PARTS
    count: int  # of items
    repeats: bool  # whether a person meets an item again
    content: torch.Tensor | None = None  # float [N, 256]

    def to(self, device: torch.device) -> "Logs":
        moved = {name: value.to(device) for name, value in vars(self).items() if isinstance(value, torch.Tensor)}
        return replace(self, **moved)

    def rows(self, part: str) -> torch.Tensor:
        return torch.nonzero(self.parts == PARTS.index(part))[:, 0]

    def batch(self, rows: torch.Tensor, longest: int) -> Batch:
        """Slates `rows` [B], with at most `longest` tokens before each, the latest."""
        begins, cuts = self.begins[rows], self.cuts[rows]
        lengths = (cuts - begins).clamp(max=longest)
        at = torch.arange(int(lengths.max()), device=rows.device)
        places = torch.where(at < lengths[:, None], (cuts - lengths)[:, None] + at, begins[:, None])
        times = self.times[places]
        gaps = torch.log1p((times[:, 1:] - times[:, :-1]).clamp(min=0)).float()
        gaps = torch.cat([gaps.new_zeros(len(rows), 1), gaps], dim=1)
        slate = self.slates[rows]
        return Batch(
            items=self.items[places],
            actions=self.actions[places],
            gaps=gaps * (at < lengths[:, None]),
            surfaces=self.surfaces[places],
            lengths=lengths,
            slate=slate.clamp(min=0),
            slate_actions=self.slate_actions[rows],
            slate_real=slate >= 0,
            slate_gap=torch.log1p((self.slate_times[rows] - self.times[cuts - 1]).clamp(min=0)).float(),
            slate_surface=self.slate_surfaces[rows],
        )

    def learning_rows(self, engaged_only: float, draw: np.random.Generator) -> torch.Tensor:
        """Slates to learn from: all with an action, and a share of the others (the paper keeps 10 %)."""
        rows = self.rows("learn")
        engaged = self.slate_actions[rows].flatten(1).any(1).cpu().numpy()
        kept = engaged | (draw.random(len(engaged)) < engaged_only)
        return rows[torch.from_numpy(kept).to(rows.device)]


def load(path: Path) -> Logs:
    """A set of `pack.py`."""
    with np.load(path) as pack:
        found = {name: pack[name] for name in pack.files}
    kinds = {"actions": np.float32, "slate_actions": np.float32, "times": np.float64, "slate_times": np.float64}
    columns = {
        name: torch.from_numpy(value.astype(kinds.get(name, np.int64)))
        for name, value in found.items()
        if name not in ("count", "repeats", "content")
    }
    content = torch.from_numpy(found["content"].astype(np.float32)) if "content" in found else None
    return Logs(**columns, count=int(found["count"]), repeats=bool(found["repeats"]), content=content)
