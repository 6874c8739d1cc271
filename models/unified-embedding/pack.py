"""Decodes all pictures once: `train.npy` (256 x 256, with a margin around boxes) and `views.npy` (224 x 224)."""

import argparse
import os
from pathlib import Path

import numpy as np

import tasks
from benchmarks import full_collection
from training.shards import fill, pixels
from views import view_pixels

TRAIN_SIDE, VIEW_SIDE, MARGIN = 256, 224, 0.12


def empty(path: Path, count: int, side: int) -> np.ndarray:
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=(count, side, side, 3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    workers = os.cpu_count() or 1
    items = tasks.training_set().items
    fill(
        empty(folder / "train.npy", len(items), TRAIN_SIDE),
        lambda index: pixels(items[index], TRAIN_SIDE, MARGIN),
        workers,
    )
    collection = full_collection()
    views = collection.all_views()
    fill(
        empty(folder / "views.npy", len(views), VIEW_SIDE),
        lambda index: view_pixels(views[index], collection.items[views[index].key], VIEW_SIDE),
        workers,
    )
    print(f"{folder}: {len(items)} training pictures and {len(views)} views")


if __name__ == "__main__":
    main()
