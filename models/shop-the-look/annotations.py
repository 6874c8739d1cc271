"""Pictures with boxes: what the sets say, what is left out, and what is held out."""

import hashlib
import io
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from categories import CLOTHING, COCO, DRAWN, HOME_OBJECTS, NUMBER
from training import shards
from training.detection import IGNORED, NONE
from training.mosaic import Boxed

HELD_OUT_POTS = 60
"""home-objects has no pots in its val split: so many pictures of its train split are held out instead."""
LABELS = {"clothing-co-parsing": CLOTHING, "home-objects": HOME_OBJECTS, "coco-mini": COCO}


@dataclass
class Annotated:
    """A picture and its boxes: corners as fractions [K, 4], numbers of categories [K] (or IGNORED)."""

    source: str
    file: str
    row: dict = field(repr=False)
    boxes: np.ndarray
    labels: np.ndarray

    def image(self) -> Image.Image:
        if self.source == DRAWINGS:
            return Image.open(Path(os.environ["DRAWINGS"]) / self.file).convert("RGB")
        picture = shards.Picture(self.source, self.file, self.row)
        return Image.open(io.BytesIO(shards.jpeg(picture))).convert("RGB")


def annotated(name: str) -> list[Annotated]:
    """All pictures of a set; a label without a category, and crowds, are regions to ignore.

    Labels of coco-mini that have no category are dropped: these objects are background.
    """
    known, result = LABELS[name], []
    rows = {row["file"]: row for row in shards.rows(name)}
    with open(shards.data_folder() / "images" / name / "boxes.jsonl", encoding="utf8") as file:
        for line in file:
            entry = json.loads(line)
            boxes = [box for box in entry["boxes"] if name != "coco-mini" or box["label"] in known]
            labels = [
                NUMBER[known[box["label"]]] if box["label"] in known and not box.get("crowd") else IGNORED for box in boxes
            ]
            corners = np.array([box["box"] for box in boxes], np.float32).reshape(-1, 4)
            result.append(Annotated(name, entry["file"], rows[entry["file"]], corners, np.array(labels, np.int64)))
    return result


def held_out_pots() -> set[str]:
    files = [row["file"] for row in shards.rows("home-objects") if row["split"] == "train" and row["label"] == "pot"]
    return set(sorted(files, key=lambda file: hashlib.sha256(file.encode()).hexdigest())[:HELD_OUT_POTS])


def training_pictures() -> list[Annotated]:
    pots = held_out_pots()
    return [
        item
        for name in ("clothing-co-parsing", "home-objects")
        for item in annotated(name)
        if item.row["split"] == "train" and item.file not in pots
    ]


UNLABELLED = {"clothing": 1200, "grocery": 500, "magento": 300}
"""Pictures without boxes, so many of each set's train split: to imitate the float network on, nothing else."""


def unlabelled_pictures() -> list[Annotated]:
    """A selection that is always the same; each picture is one region where nothing is known."""
    result = []
    for name, count in UNLABELLED.items():
        rows = [row for row in shards.rows(name) if row["split"] in ("train", "all")]
        rows.sort(key=lambda row: hashlib.sha256(row["file"].encode()).hexdigest())
        whole = np.array([[0, 0, 1, 1]], np.float32)
        result += [Annotated(name, row["file"], row, whole, np.array([IGNORED])) for row in rows[:count]]
    return result


DRAWINGS = "drawn"
"""The set of the showroom's own scenes: `npx tsx scripts/draw-scenes.ts --count 600 --seed 7 --output $DRAWINGS`."""
HELD_OUT_DRAWINGS = 60


def drawings() -> list[Annotated]:
    """Drawn rooms and outfits, all of whose objects have boxes; what has no category is background.

    The folder is in the environment variable DRAWINGS; without it there are none.
    """
    folder, result = os.environ.get("DRAWINGS"), []
    if folder is None:
        return result
    for line in (Path(folder) / "boxes.jsonl").read_text().splitlines():
        entry = json.loads(line)
        boxes = [box for box in entry["boxes"] if box["label"] in DRAWN]
        corners = np.array([box["box"] for box in boxes], np.float32).reshape(-1, 4)
        labels = np.array([NUMBER[DRAWN[box["label"]]] for box in boxes], np.int64)
        result.append(Annotated(DRAWINGS, entry["file"], entry, corners, labels))
    return result


def held_out() -> dict[str, list[Annotated]]:
    """The sets of pictures that nothing was trained on. coco-mini is for evaluation only, both splits."""
    pots = held_out_pots()
    home = annotated("home-objects")
    return {
        "clothing-co-parsing": [item for item in annotated("clothing-co-parsing") if item.row["split"] == "val"],
        "home-objects": [item for item in home if item.row["split"] == "val" or item.file in pots],
        "coco-mini": annotated("coco-mini"),
        **({DRAWINGS: drawn[-HELD_OUT_DRAWINGS:]} if (drawn := drawings()) else {}),
    }


def stored(image: Image.Image, side: int) -> np.ndarray:
    """The picture, its longer side `side`, in the top left corner of [side, side, 3]; the rest is grey."""
    scale = side / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    result = np.full((side, side, 3), 114, np.uint8)
    result[:height, :width] = np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
    return result


def sizes(images: list[Image.Image] | list[tuple[int, int]], side: int) -> np.ndarray:
    """[N, 2] width and height of what `stored` makes of pictures of these sizes."""
    return np.array([[max(1, round(length * side / max(size))) for length in size] for size in images], np.int64)


MOST = 40
"""Boxes of a picture; more are left out, the last first."""


def padded(items: list[Annotated], extents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Boxes in pixels [N, MOST, 4] of pictures of these extents, labels [N, MOST]."""
    boxes = np.zeros((len(items), MOST, 4), np.float32)
    labels = np.full((len(items), MOST), NONE, np.int64)
    for number, item in enumerate(items):
        count = min(len(item.labels), MOST)
        boxes[number, :count] = item.boxes[:count] * np.tile(extents[number], 2)
        labels[number, :count] = item.labels[:count]
    return boxes, labels


def boxed(pixels: np.ndarray, extents: np.ndarray, items: list[Annotated], device: torch.device) -> Boxed:
    """Puts everything on the device."""
    images = torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2).contiguous()
    return Boxed(images, *(torch.from_numpy(value).to(device) for value in (extents, *padded(items, extents))))
