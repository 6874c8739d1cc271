"""Decodes the pictures once, asks the teacher, and makes the composites.

    python models/shop-the-look/prepare.py $YOLOX_NANO_ONNX $FOLDER [composites]

Writes `pixels.npy` [N, 416, 416, 3] uint8 and `labels.pt` (sizes, boxes, labels, origin of each picture: 0 clothing,
1 home, 2 composite), and the same as `held-out.*` for the pictures that nothing is trained on.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
import torch

from annotations import Annotated, boxed, held_out, sizes, stored, training_pictures
from composites import CLOTHING_SET, SIDE, composite, products
from teacher import pseudo_labels
from training import shards
from training.yolox import load_onnx

MOST = 40  # boxes of a picture
SEED = 0


def decoded(items: list[Annotated], path: Path, workers: int) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (in a file) and sizes."""
    pixels = np.lib.format.open_memmap(path, "w+", np.uint8, (len(items), SIDE, SIDE, 3))
    shards.fill(pixels, lambda index: stored(items[index].image(), SIDE), workers)
    extents = sizes([(int(item.row["width"]), int(item.row["height"])) for item in items], SIDE)
    return pixels, extents


def main() -> None:
    onnx_path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1500
    workers = min(16, len(os.sched_getaffinity(0)))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folder.mkdir(parents=True, exist_ok=True)
    items = training_pictures()
    pixels, extents = decoded(items, folder / "real.npy", workers)
    real = boxed(np.array(pixels), extents, items, device, MOST)
    teacher = load_onnx(onnx_path).to(device).eval().requires_grad_(False)
    counts = pseudo_labels(teacher, real, items)
    print(json.dumps({"pictures": len(items), "teacher's boxes": counts}), flush=True)

    goods = products()
    names = {int(key): value for key, value in json.loads(
        (shards.data_folder() / "images" / CLOTHING_SET / "labels.json").read_text()).items()}
    total = len(items) + count
    everything = np.lib.format.open_memmap(folder / "pixels.npy", "w+", np.uint8, (total, SIDE, SIDE, 3))
    everything[: len(items)] = pixels
    boxes = np.zeros((total, MOST, 4), np.float32)
    labels = np.full((total, MOST), -1, np.float32)
    shared = np.lib.format.open_memmap(folder / "composites.npy", "w+", np.float32, (count, MOST, 5))

    def one(number: int) -> np.ndarray:
        canvas, corners, kinds = composite(number, SEED, items, goods, names)
        everything[len(items) + number] = canvas
        row = np.full((MOST, 5), -1, np.float32)
        row[: min(MOST, len(kinds)), :4] = corners[:MOST] * SIDE
        row[: min(MOST, len(kinds)), 4] = kinds[:MOST]
        return row

    shards.fill(shared, one, workers)
    own = boxed(pixels[:1].repeat(len(items), 0)[:, :1, :1], extents, items, torch.device("cpu"), MOST)
    boxes[: len(items)], labels[: len(items)] = own.boxes.numpy(), own.labels.numpy()
    boxes[len(items) :], labels[len(items) :] = shared[..., :4], shared[..., 4]
    origin = [0 if item.source == CLOTHING_SET else 1 for item in items] + [2] * count
    torch.save(
        {
            "sizes": torch.from_numpy(np.concatenate([extents, np.full((count, 2), SIDE)])),
            "boxes": torch.from_numpy(boxes),
            "labels": torch.from_numpy(labels).long(),
            "origin": torch.tensor(origin),
        },
        folder / "labels.pt",
    )
    everything.flush()
    for name, some in held_out().items():
        _, extents = decoded(some, folder / f"held-out.{name}.npy", workers)
        np.save(folder / f"held-out.{name}.sizes.npy", extents)
    print(json.dumps({"composites": count}), flush=True)


if __name__ == "__main__":
    main()
