"""The cached features of `features.py` as arrays, and the splits."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pairs import OUTFITS, bucket
from training.look_categories import CATEGORIES

FOLDS = 3


@dataclass
class Pairs:
    """P pairs. `category`: index into `categories`; `photo`: number of the photograph; `maps` [V, N, 49, channels] of
    the kinds scene and whole, `pooled` [V, N, channels] of these and of product (see features.py)."""

    folder: Path
    backbone: str
    categories: list[str]
    category: np.ndarray
    photo: np.ndarray
    photos: list[str]
    label: list[str]
    outfit: np.ndarray
    held_out: np.ndarray  # the sets' own validation part
    maps: dict[str, np.ndarray]
    pooled: dict[str, np.ndarray]

    def rows_of(self, kind: str, rows: np.ndarray) -> np.ndarray:
        """Where the pictures of this kind of these pairs stand: whole scenes are stored once a photograph."""
        return self.photo[rows] if kind == "whole" else rows

    def features(self, kind: str, name: str) -> np.ndarray:
        return np.load(self.folder / f"{kind}.{name}.npy", mmap_mode="r")

    def fold(self, seed: int) -> np.ndarray:
        """Number 0..FOLDS-1 of each pair, by photograph: scenes and, with them, products."""
        folds = np.array([bucket(f"fold {seed} {name}", FOLDS) for name in self.photos])
        return folds[self.photo]


def load(folder: Path) -> Pairs:
    about = json.loads((folder / "pairs.json").read_text())
    rows = about["pairs"]
    present = {row["category"] for row in rows}
    categories = [name for name in CATEGORIES if name in present]
    photos = sorted({row["photo"] for row in rows})
    return Pairs(
        folder,
        about["backbone"],
        categories,
        np.array([categories.index(row["category"]) for row in rows]),
        np.array([row["whole"] for row in rows]),
        photos,
        [row["label"] for row in rows],
        np.array([row["source"] == OUTFITS for row in rows]),
        np.array([row["split"] == "val" for row in rows]),
        {kind: np.load(folder / f"{kind}.map.npy", mmap_mode="r") for kind in ("scene", "whole")},
        {kind: np.load(folder / f"{kind}.pooled.npy") for kind in ("scene", "whole", "product")},
    )
