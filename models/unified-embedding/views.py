"""A picture as a benchmark sees it: as it is, or strongly changed (for sets that know no second picture of a thing)."""

import io
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance

from training.shards import Picture, jpeg, pixels


@dataclass(frozen=True)
class View:
    """`key` names the picture; `changed` asks for the strong, seeded change."""

    key: str
    changed: bool = False


def key_of(item: Picture) -> str:
    return f"{item.source}/{item.file}" + (f"#{','.join(f'{value:.4f}' for value in item.box)}" if item.box else "")


def changed_pixels(item: Picture, side: int) -> np.ndarray:
    """30-60 % of the area, mirrored or not, brightness, contrast and colour 0.65..1.35, JPEG of quality 35.

    Seeded by the picture's name: the same on every machine.
    """
    draw = random.Random(key_of(item))
    image = Image.open(io.BytesIO(jpeg(item))).convert("RGB")
    if item.box is not None:
        x0, y0, x1, y1 = (value * size for value, size in zip(item.box, image.size * 2))
        image = image.crop((int(x0), int(y0), max(int(x0) + 2, round(x1)), max(int(y0) + 2, round(y1))))
    area, aspect = draw.uniform(0.3, 0.6), draw.uniform(0.8, 1.25)
    width = max(2, int(image.width * min(1.0, (area * aspect) ** 0.5)))
    height = max(2, int(image.height * min(1.0, (area / aspect) ** 0.5)))
    left, top = draw.randint(0, image.width - width), draw.randint(0, image.height - height)
    image = image.crop((left, top, left + width, top + height))
    if draw.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhance(image).enhance(draw.uniform(0.65, 1.35))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=35)
    return np.asarray(Image.open(buffer).resize((side, side), Image.Resampling.BILINEAR))


def view_pixels(view: View, item: Picture, side: int) -> np.ndarray:
    """[side, side, 3] uint8."""
    return changed_pixels(item, side) if view.changed else pixels(item, side)
