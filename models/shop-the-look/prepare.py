"""Decodes the pictures once, asks the teacher, and makes the composites.

    python models/shop-the-look/prepare.py $YOLOX_NANO_ONNX $FOLDER [composites]

Writes `pixels.npy` [N, 416, 416, 3] uint8 and `labels.pt` (sizes, boxes, labels, origin of each picture: 0 clothing,
1 home, 2 composite, 3 without labels, 4 drawn), and `held-out.*` for the pictures that nothing is trained on.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
import torch

from annotations import (
    HELD_OUT_DRAWINGS,
    MOST,
    Annotated,
    boxed,
    drawings,
    held_out,
    padded,
    sizes,
    stored,
    training_pictures,
    unlabelled_pictures,
)
from composites import CLOTHING_SET, SIDE, composite, products
from teacher import pseudo_labels
from training import shards
from training.yolox import load_onnx

SEED = 0


def extents_of(items: list[Annotated]) -> np.ndarray:
    """[N, 2] width and height in the stored square."""
    return sizes([(int(item.row["width"]), int(item.row["height"])) for item in items], SIDE)


def names() -> dict[int, str]:
    """Of the labels in the masks of clothing-co-parsing."""
    text = (shards.data_folder() / "images" / CLOTHING_SET / "labels.json").read_text()
    return {int(key): value for key, value in json.loads(text).items()}


def main() -> None:
    onnx_path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    workers = min(16, len(os.sched_getaffinity(0)))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folder.mkdir(parents=True, exist_ok=True)
    items, extra, drawn = training_pictures(), unlabelled_pictures(), drawings()[:-HELD_OUT_DRAWINGS]
    total = len(items) + count + len(extra) + len(drawn)
    everything = np.lib.format.open_memmap(folder / "pixels.npy", "w+", np.uint8, (total, SIDE, SIDE, 3))
    order = [*items, *[None] * count, *extra, *drawn]

    def real(number: int) -> np.ndarray:
        return everything[number] if order[number] is None else stored(order[number].image(), SIDE)

    shards.fill(everything, real, workers)
    extents = extents_of(items)
    teacher = load_onnx(onnx_path).to(device).eval().requires_grad_(False)
    seen = boxed(np.array(everything[: len(items)]), extents, items, device)
    counts = pseudo_labels(teacher, seen, items)
    print(json.dumps({"pictures": len(items), "unlabelled": len(extra), "teacher's boxes": counts}), flush=True)

    goods, labels = products(), names()
    made = np.lib.format.open_memmap(folder / "composites.npy", "w+", np.float32, (max(count, 1), MOST, 5))

    def one(number: int) -> np.ndarray:
        row = np.full((MOST, 5), -1, np.float32)
        if number < count:
            canvas, corners, kinds = composite(number, SEED, items, goods, labels)
            everything[len(items) + number] = canvas
            row[: min(MOST, len(kinds)), :4] = corners[:MOST] * SIDE
            row[: min(MOST, len(kinds)), 4] = kinds[:MOST]
        return row

    shards.fill(made, one, workers)
    parts = [(extents, *padded(items, extents)), (np.full((count, 2), SIDE), made[:count, :, :4], made[:count, :, 4])]
    for more in (extra, drawn):
        parts.append((extents_of(more), *padded(more, extents_of(more))))
    origin = [0 if item.source == CLOTHING_SET else 1 for item in items] + [2] * count + [3] * len(extra) + [4] * len(drawn)
    joined = [torch.from_numpy(np.concatenate(values)) for values in zip(*parts)]
    about = {"sizes": joined[0].long(), "boxes": joined[1].float(), "labels": joined[2].long()}
    torch.save({**about, "origin": torch.tensor(origin)}, folder / "labels.pt")
    everything.flush()
    for name, some in held_out().items():
        pixels = np.lib.format.open_memmap(folder / f"held-out.{name}.npy", "w+", np.uint8, (len(some), SIDE, SIDE, 3))
        shards.fill(pixels, lambda index: stored(some[index].image(), SIDE), workers)
        np.save(folder / f"held-out.{name}.sizes.npy", extents_of(some))
    print(json.dumps({"composites": count}), flush=True)


if __name__ == "__main__":
    main()
