"""Scene and product pairs from photographs with boxes, by the construction of "Complete the Look" (arXiv 1812.01748).

The product is removed from the scene: of the four rectangles of the scene that do not overlap the product's box the
largest stays, and the pair is dropped when that is too small. Otherwise a model would only learn to detect the
product. Boxes of one label in a photograph (a pair of shoes) are one product: the rectangle avoids them all, the
largest of them is the product's picture.

Ours: a scene is the extent of the person, not the whole photograph. In a whole one the largest rectangle is often a
strip of street beside the person.
"""

import io
import json
import sys
import tarfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training.look_categories import category
from training.shards import Picture, crops, data_folder

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 as fractions of the picture

OUTFITS, ROOMS = "clothing-co-parsing", "home-objects"
SMALLEST_SCENE = 0.25  # of the scene's area: what has to be left of it without the product
SMALLEST_PRODUCT = {OUTFITS: (24, 10), ROOMS: (40, 24)}  # longer and shorter side in pixels
SUBJECT_MARGIN = 0.03  # around a person, as a fraction of the photograph
SIDES = ("left", "right", "above", "below")


@dataclass(frozen=True)
class Pair:
    """A product and the scene it was seen in; `side` names the rectangle that stays of the scene."""

    scene: Picture
    product: Picture
    category: str
    subject: Box
    taken: Box  # around all boxes of the product's label
    side: str

    @property
    def photo(self) -> str:
        return f"{self.scene.source}/{self.scene.file}"


@cache
def _masks() -> tuple[Path, dict[str, tuple[int, int]]]:
    path = data_folder() / "images" / OUTFITS / "masks-0.tar"
    with tarfile.open(path) as tar:
        return path, {member.name: (member.offset_data, member.size) for member in tar}


@cache
def _label_names() -> dict[str, int]:
    names = json.loads((data_folder() / "images" / OUTFITS / "labels.json").read_text())
    return {name: int(number) for number, name in names.items()}


def label_map(file: str) -> np.ndarray:
    """Label number of each pixel [H, W] uint8, 0 outside the person."""
    path, members = _masks()
    offset, size = members[Path(file).stem + ".png"]
    with open(path, "rb") as archive:  # opened anew each time: forked processes must not share its position
        archive.seek(offset)
        return np.asarray(Image.open(io.BytesIO(archive.read(size))))


def label_number(label: str) -> int:
    return _label_names()[label]


def person(file: str) -> Box:
    """Extent of everything labelled in a photograph, with a margin."""
    mask = label_map(file)
    ys, xs = np.nonzero(mask)
    height, width = mask.shape
    box = (xs.min() / width, ys.min() / height, (xs.max() + 1) / width, (ys.max() + 1) / height)
    return widened(box, SUBJECT_MARGIN)


def widened(box: Box, margin: float) -> Box:
    x0, y0, x1, y1 = box
    return max(x0 - margin, 0.0), max(y0 - margin, 0.0), min(x1 + margin, 1.0), min(y1 + margin, 1.0)


def area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def around(boxes: list[Box]) -> Box:
    columns = list(zip(*boxes))
    return min(columns[0]), min(columns[1]), max(columns[2]), max(columns[3])


def beside(scene: Box, taken: Box, side: str) -> Box:
    """The part of `scene` on one side of the box `taken`."""
    x0, y0, x1, y1 = scene
    if side == "left":
        return x0, y0, min(taken[0], x1), y1
    if side == "right":
        return max(taken[2], x0), y0, x1, y1
    if side == "above":
        return x0, y0, x1, min(taken[1], y1)
    return x0, max(taken[3], y0), x1, y1


def largest_side(scene: Box, taken: Box) -> tuple[str, float]:
    """Side with the largest rectangle, and its share of the scene's area."""
    shares = {side: area(beside(scene, taken, side)) / area(scene) for side in SIDES}
    side = max(shares, key=shares.get)
    return side, shares[side]


def bucket(text: str, buckets: int) -> int:
    """The same on every machine."""
    return zlib.crc32(text.encode()) % buckets


def pairs(source: str, splits: set[str] | None = None) -> list[Pair]:
    """All pairs of a set, in file order."""
    groups: dict[tuple[str, str], list[Picture]] = {}
    for crop in crops(source, splits):
        groups.setdefault((crop.file, crop.label), []).append(crop)
    subjects = {file: person(file) if source == OUTFITS else (0.0, 0.0, 1.0, 1.0) for file, _ in groups}
    longest, shortest = SMALLEST_PRODUCT[source]
    result = []
    for (file, label), boxes in groups.items():
        product = max(boxes, key=lambda one: area(one.box))
        width = (product.box[2] - product.box[0]) * int(product.row["width"])
        height = (product.box[3] - product.box[1]) * int(product.row["height"])
        kind, taken = category(source, label), around([one.box for one in boxes])
        side, share = largest_side(subjects[file], taken)
        if kind is None or share < SMALLEST_SCENE or max(width, height) < longest or min(width, height) < shortest:
            continue
        scene = Picture(source, file, product.row, None, label)
        result.append(Pair(scene, product, kind, subjects[file], taken, side))
    return result
