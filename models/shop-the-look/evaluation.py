"""Average precision on the held-out pictures: a quick one for the log, and that of COCO (pycocotools)."""

from pathlib import Path

import numpy as np
import torch

from annotations import Annotated, held_out
from categories import CATEGORIES, NUMBER, SHARED
from training.detection import detections
from training.yolox import Yolox, decode

CHECKED = {
    "clothing-co-parsing": CATEGORIES[:12],
    "home-objects": ("curtain", "pot", "appliance"),
    "coco-mini": SHARED,
}
"""Categories that are labelled in every picture of a set (home-objects: in the pictures it was made for)."""
SCORE, COUNT, OVERLAP = 0.01, 100, 0.65
OUTPUTS = tuple[np.ndarray, np.ndarray, np.ndarray]  # boxes [K, 4] as fractions of the picture, scores [K], numbers [K]


@torch.no_grad()
def predict(network: Yolox, pixels: np.ndarray, extents: np.ndarray, device: torch.device, batch: int = 32) -> list[OUTPUTS]:
    """Pictures as `annotations.stored` makes them -> the detections of each."""
    result = []
    side = pixels.shape[1]
    for first in range(0, len(pixels), batch):
        x = torch.from_numpy(pixels[first : first + batch]).to(device).permute(0, 3, 1, 2).float().flip(1)
        boxes, objectness, classes, _ = decode(network(x))
        scores = classes.sigmoid() * objectness.sigmoid()[..., None]
        found = [part.cpu().numpy() for part in detections(boxes, scores, COUNT, OVERLAP)]
        for row, (corners, values, kinds) in enumerate(zip(*found)):
            kept = values > SCORE
            scale = np.tile(extents[first + row], 2)
            result.append((np.clip(corners[kept] / scale, 0, 1), values[kept], kinds[kept]))
    return result


def average_precision(items: list[Annotated], outputs: list[OUTPUTS], number: int, limit: float = 0.5) -> float:
    """Area under precision (made to fall) over recall of one category at this overlap; NaN without objects."""
    hits, scores, total = [], [], 0
    for item, (boxes, values, kinds) in zip(items, outputs):
        truth = item.boxes[item.labels == number]
        total += len(truth)
        free = np.ones(len(truth), bool)
        for index in np.flatnonzero(kinds == number):
            scores.append(values[index])
            low = np.maximum(truth[:, :2], boxes[index, :2])
            high = np.minimum(truth[:, 2:], boxes[index, 2:])
            both = np.clip(high - low, 0, None).prod(1)
            area = (truth[:, 2:] - truth[:, :2]).prod(1) + (boxes[index, 2:] - boxes[index, :2]).prod()
            overlap = np.where(free, both / (area - both + 1e-9), 0)
            best = overlap.argmax() if len(truth) else -1
            hits.append(bool(len(truth)) and overlap[best] >= limit)
            if hits[-1]:
                free[best] = False
    if total == 0:
        return float("nan")
    if not hits:
        return 0.0
    good = np.cumsum(np.array(hits, float)[np.argsort(-np.array(scores), kind="stable")])
    precision = np.maximum.accumulate((good / np.arange(1, len(good) + 1))[::-1])[::-1]
    return float((precision * np.diff(good / total, prepend=0.0)).sum())


def quick_average_precision(network: Yolox, folder: Path, device: torch.device) -> dict[str, dict[str, float]]:
    """AP at overlap 0.5 of each checked category, in percent, on the held-out sets of `prepare.py`."""
    result = {}
    for name, items in held_out().items():
        pixels, extents = (np.load(folder / f"held-out.{name}{end}.npy") for end in ("", ".sizes"))
        outputs = predict(network, pixels, extents, device)
        each = {kind: 100 * average_precision(items, outputs, NUMBER[kind]) for kind in CHECKED[name]}
        mean = float(np.nanmean(list(each.values())))
        result[name] = {"mean": round(mean, 2), **{kind: round(value, 1) for kind, value in each.items()}}
    return result
