"""What the network sees of a pair: the scene without (or with) the product, and the product as a picture of its own.

A product is cut from the photograph of its scene, so both share light, sharpness and background. Three things keep a
model from recognising the photograph instead of the style: garments are cut out along their mask onto white, as a
shop shows them; scene and product are changed in colour, sharpness and JPEG quality independently; and one test
repeats the evaluation on changed products.
"""

import io
import random

import numpy as np
from PIL import Image, ImageEnhance

from pairs import OUTFITS, Box, Pair, beside, label_map, label_number, widened
from training.shards import jpeg

SIDE = 224
WHITE = (255, 255, 255)
PRODUCT_MARGIN = 0.06  # of a product's size, around it
PLAIN_CROPS = 0.3  # share of changed products that keep their surroundings


def photograph(pair: Pair) -> Image.Image:
    return Image.open(io.BytesIO(jpeg(pair.scene))).convert("RGB")


def cut(image: Image.Image, box: Box) -> Image.Image:
    """The part of an image inside fractions of it, at least 2 x 2 pixels."""
    left, top = int(box[0] * image.width), int(box[1] * image.height)
    right, bottom = round(box[2] * image.width), round(box[3] * image.height)
    return image.crop((left, top, max(right, left + 2), max(bottom, top + 2)))


def shaken(box: Box, draw: random.Random, least: float) -> Box:
    """A random part of a box with at least `least` of its width and of its height."""
    x0, y0, x1, y1 = box
    width, height = (x1 - x0) * draw.uniform(least, 1), (y1 - y0) * draw.uniform(least, 1)
    left, top = draw.uniform(x0, x1 - width), draw.uniform(y0, y1 - height)
    return left, top, left + width, top + height


def changed(image: Image.Image, draw: random.Random) -> Image.Image:
    """Mirrored or not; brightness, contrast, colour, white balance, sharpness and JPEG quality changed."""
    if draw.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhance(image).enhance(draw.uniform(0.75, 1.3))
    gains = [draw.uniform(0.92, 1.08) for _ in range(3)]
    image = image.point([min(255, round(value * gain)) for gain in gains for value in range(256)])
    if draw.random() < 0.5:
        scale = draw.uniform(0.5, 1)
        size = (max(2, round(image.width * scale)), max(2, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BILINEAR)
    if draw.random() < 0.5:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=draw.randint(40, 90))
        image = Image.open(buffer)
    return image


def stretched(image: Image.Image) -> np.ndarray:
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def scene_view(pair: Pair, removed: bool, draw: random.Random | None = None) -> np.ndarray:
    """The scene, product removed or left in; changed at random when `draw` is given. [SIDE, SIDE, 3] uint8."""
    image, scene = photograph(pair), pair.subject
    if draw is not None:
        scene = widened(scene, draw.uniform(0, 0.15))
    if removed:
        scene = beside(scene, pair.taken, pair.side)
    if draw is None:
        return stretched(cut(image, scene))
    return stretched(changed(cut(image, shaken(scene, draw, 0.85)), draw))


def product_view(pair: Pair, cutout: bool, draw: random.Random | None = None) -> np.ndarray:
    """The product along its mask on white (sets without masks: its box), or its box. [SIDE, SIDE, 3] uint8."""
    image, (x0, y0, x1, y1) = photograph(pair), pair.product.box
    if cutout and pair.product.source == OUTFITS:
        mask = label_map(pair.product.file) == label_number(pair.product.label)
        image = Image.composite(image, Image.new("RGB", image.size, WHITE), Image.fromarray(mask))
    margin = PRODUCT_MARGIN if draw is None else draw.uniform(0, 2 * PRODUCT_MARGIN)
    dx, dy = margin * (x1 - x0), margin * (y1 - y0)
    image = cut(image, (max(x0 - dx, 0), max(y0 - dy, 0), min(x1 + dx, 1), min(y1 + dy, 1)))
    return stretched(image if draw is None else changed(image, draw))


def changed_product_view(pair: Pair, draw: random.Random) -> np.ndarray:
    return product_view(pair, draw.random() >= PLAIN_CROPS, draw)
