"""Composites: people, single garments and product photos, cut out and pasted into home pictures.

People and garments come from the masks of clothing-co-parsing (train split), bags and watches from product photos of
magento, whose white background is flooded away from the corners.
"""

import io
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from annotations import Annotated
from categories import CLOTHING, NUMBER
from training import shards
from training.detection import IGNORED

SIDE = 416
PEOPLE = 0.6  # part of the composites that show a person
ITEM_LABELS = {label for label, category in CLOTHING.items() if category not in ("accessory", "glasses", "legwear")}
HIDDEN = 0.5  # part of a box that, covered by what was pasted, makes its region unknown
CLOTHING_SET = "clothing-co-parsing"


@dataclass
class Cutout:
    pixels: Image.Image  # RGBA, cropped
    boxes: np.ndarray  # fractions of the cut-out
    labels: np.ndarray


def _mask(item: Annotated) -> np.ndarray:
    path = shards.data_folder() / "images" / CLOTHING_SET / "masks-0.tar"
    offset, size = shards._archive(path)[item.file.replace(".jpg", ".png")]
    with open(path, "rb") as file:
        file.seek(offset)
        return np.array(Image.open(io.BytesIO(file.read(size))))


def _cut(image: Image.Image, visible: np.ndarray) -> tuple[Image.Image, tuple[int, int, int, int]] | None:
    """The visible part as RGBA, and where it lay."""
    rows, columns = np.flatnonzero(visible.any(1)), np.flatnonzero(visible.any(0))
    if len(rows) < 16 or len(columns) < 16:
        return None
    place = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    result = image.copy()
    result.putalpha(Image.fromarray((visible * 255).astype(np.uint8)))
    return result.crop(place), place


def person(item: Annotated) -> Cutout | None:
    """All that is not background, with the boxes of the picture."""
    image = item.image()
    found = _cut(image, _mask(item) > 0)
    if found is None:
        return None
    pixels, (x0, y0, x1, y1) = found
    scale = np.array([*image.size, *image.size], np.float32)
    boxes = (item.boxes * scale - [x0, y0, x0, y0]) / [x1 - x0, y1 - y0, x1 - x0, y1 - y0]
    return Cutout(pixels, np.clip(boxes, 0, 1).astype(np.float32), item.labels)


def garment(item: Annotated, labels: dict[int, str], chance: random.Random) -> Cutout | None:
    """One label of a picture's mask: all its parts, so shoes come as a pair (each its own box is not known: one box)."""
    mask = _mask(item)
    present = [number for number in np.unique(mask) if labels.get(int(number)) in ITEM_LABELS]
    present = [number for number in present if CLOTHING[labels[int(number)]] != "shoes"]
    if not present:
        return None
    number = int(chance.choice(present))
    found = _cut(item.image(), mask == number)
    return found and Cutout(
        found[0], np.array([[0, 0, 1, 1]], np.float32), np.array([NUMBER[CLOTHING[labels[number]]]])
    )


def product(picture: shards.Picture) -> Cutout | None:
    """A product photo of a bag or a watch without its white background."""
    image = Image.open(io.BytesIO(shards.jpeg(picture))).convert("RGB")
    width, height = image.size
    flooded = image.copy()
    for corner in ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)):
        if min(flooded.getpixel(corner)) > 235:
            ImageDraw.floodfill(flooded, corner, (255, 0, 255), thresh=24)
    visible = (np.array(flooded) != [255, 0, 255]).any(-1)
    if visible.mean() > 0.9:
        return None
    found = _cut(image, visible)
    label = "bag" if "Bags" in picture.row["label"] else "accessory"
    return found and Cutout(found[0], np.array([[0, 0, 1, 1]], np.float32), np.array([NUMBER[label]]))


def products() -> list[shards.Picture]:
    return [item for item in shards.pictures("magento") if item.label.startswith(("Gear/Bags", "Gear/Watches"))]


def composite(number: int, seed: int, items: list[Annotated], goods: list[shards.Picture], labels: dict[int, str]):
    """(pixels [SIDE, SIDE, 3] uint8, boxes as fractions, labels) of one composite."""
    chance = random.Random(seed * 1_000_003 + number)
    clothing = [item for item in items if item.source == CLOTHING_SET]
    home = [item for item in items if item.source != CLOTHING_SET]
    scene = chance.choice(home)
    canvas = scene.image().resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    boxes, kinds = [scene.boxes * SIDE], [scene.labels]
    with_person = chance.random() < PEOPLE
    for _ in range(1 if with_person else chance.randint(1, 3)):
        if with_person:
            cutout, share = person(chance.choice(clothing)), chance.uniform(0.5, 1.0)
        elif chance.random() < 0.3:
            cutout, share = product(chance.choice(goods)), chance.uniform(0.12, 0.4)
        else:
            cutout, share = garment(chance.choice(clothing), labels, chance), chance.uniform(0.2, 0.55)
        if cutout is None:
            continue
        scale = share * SIDE / max(cutout.pixels.size)
        width, height = (max(2, round(length * scale)) for length in cutout.pixels.size)
        pixels = cutout.pixels.resize((width, height), Image.Resampling.BILINEAR)
        own = cutout.boxes * [width, height, width, height]
        if chance.random() < 0.5:
            pixels = pixels.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            own = np.stack([width - own[:, 2], own[:, 1], width - own[:, 0], own[:, 3]], 1)
        x = chance.randint(0, max(0, SIDE - width))
        y = chance.randint((SIDE - height) // 2 if with_person else 0, max(0, SIDE - height))
        canvas.paste(pixels, (x, y), pixels)
        covered = np.zeros((SIDE, SIDE), bool)
        covered[y : y + height, x : x + width] = (np.array(pixels.getchannel("A")) > 127)[: SIDE - y, : SIDE - x]
        for before, kind in zip(boxes, kinds):
            for index, (x0, y0, x1, y1) in enumerate(before.round().astype(int)):
                part = covered[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
                if part.size and part.mean() > HIDDEN:
                    kind[index] = IGNORED
        boxes.append((own + [x, y, x, y]).astype(np.float32))
        kinds.append(cutout.labels.copy())
        kinds[0] = kinds[0].copy()
    result = np.concatenate(boxes) / SIDE, np.concatenate(kinds)
    return np.array(canvas), np.clip(result[0], 0, 1).astype(np.float32), result[1]
