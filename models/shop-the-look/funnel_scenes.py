"""What the product sees of a scene, and the places of a product among all that its crops find."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from evaluate import ours_on_engine, session
from evaluation import contained
from training.shards import Picture, jpeg

FOLDER = Path(__file__).parent
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())
EMBEDDER = FOLDER.parent / "unified-embedding" / "unified-embedding.int8.onnx"
SIDE = 224
MARGIN = 0.12
"""Around a crop, as a fraction of its size (`src/vision/shop-the-look.ts`)."""
OBJECTS = 10
"""Most objects of a scene (`src/http/routes/scenes/shop-the-look.ts`)."""
BATCH = 32
NEVER = np.iinfo(np.int64).max
"""The place of a product that is not among those looked at."""

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 as fractions of the picture


def stretched(image: Image.Image) -> np.ndarray:
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


class Embedder:
    def __init__(self) -> None:
        self._model = session(EMBEDDER)

    def __call__(self, views: list[np.ndarray]) -> np.ndarray:
        """[N, 224, 224, 3] uint8 -> [N, 256], unit length."""
        parts = [
            self._model.run(["embedding"], {"image": np.stack(views[at : at + BATCH])})[0]
            for at in range(0, len(views), BATCH)
        ]
        found = np.concatenate(parts)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@dataclass
class Scene:
    """What the detector shows of a picture, the most certain first, and embeddings of it."""

    boxes: np.ndarray  # [K, 4] fractions
    kinds: np.ndarray  # [K] numbers of categories
    vectors: np.ndarray  # [K, 256] of the crops
    whole: np.ndarray  # [256] of the whole picture


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(jpeg(picture))).convert("RGB")


def crop_view(image: Image.Image, box: Box, margin: float = MARGIN) -> np.ndarray:
    """The box with some of what is around it, to the nearest pixels, as `src/media/tensor.ts` cuts it."""
    x0, y0, x1, y1 = map(float, box)
    dx, dy = margin * (x1 - x0), margin * (y1 - y0)
    left, top = round(max(x0 - dx, 0) * image.width), round(max(y0 - dy, 0) * image.height)
    right, bottom = round(min(x1 + dx, 1) * image.width), round(min(y1 + dy, 1) * image.height)
    left, top = min(left, image.width - 1), min(top, image.height - 1)
    return stretched(image.crop((left, top, max(right, left + 1), max(bottom, top + 1))))


def scenes(images: list[Image.Image], embed: Embedder) -> list[Scene]:
    shown = MANIFEST["detection"]
    side = MANIFEST["preprocess"]["width"]
    path = FOLDER / MANIFEST["files"]["int8"]["path"]
    outputs = ours_on_engine(path, [contained(image, side) for image in images], shown["iou_threshold"])
    result = []
    for image, output in zip(images, outputs):
        kept = np.flatnonzero(output.scores >= shown["score_threshold"])[:OBJECTS]
        boxes = output.boxes[kept]
        vectors = embed([stretched(image), *(crop_view(image, box) for box in boxes)])
        result.append(Scene(boxes, output.kinds[kept], vectors[1:], vectors[0]))
    return result


def rank(similarities: np.ndarray, target: int, allowed: np.ndarray | None = None) -> int:
    """Place of the product, from 1, among the allowed ones [G]; NEVER when it is not one of them."""
    if allowed is not None and not allowed[target]:
        return NEVER
    better = similarities > similarities[target]
    return 1 + int((better if allowed is None else better & allowed).sum())


def best_rank(
    scene: Scene, gallery: np.ndarray, target: int, gate: np.ndarray | None, among: np.ndarray | None = None
) -> int:
    """Best place of a product for any crop of the scene, or for these (`among`, their numbers).

    `gate`: category of each product; it is looked for by crops of that category only.
    """
    numbers = range(len(scene.kinds)) if among is None else among
    ranks = [
        rank(gallery @ scene.vectors[number], target, None if gate is None else gate == scene.kinds[number])
        for number in numbers
    ]
    return min(ranks, default=NEVER)
