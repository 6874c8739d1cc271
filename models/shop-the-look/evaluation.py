"""Detections on the held-out pictures, as the product makes them, and their average precision."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

from annotations import Annotated, held_out
from categories import CATEGORIES, CHANNELS, COCO_MEMBERS, NUMBER, SHARED, TRAINED
from training.detection import IGNORED, detections
from training.yolox import STRIDES, Levels, Twin, Yolox, decode

CHECKED = {
    "clothing-co-parsing": CATEGORIES[:12],
    "home-objects": ("curtain", "pot", "appliance"),
    "coco-mini": SHARED,
    "drawn": CATEGORIES,
}
"""Categories that are labelled in every picture of a set (home-objects: in the pictures it was made for)."""
GREY = (114, 114, 114)
SCORE, COUNT, OVERLAP = 0.01, 100, 0.65
RECALLS = np.linspace(0, 1, 101)


@dataclass
class Found:
    """What a detector says about one picture: corners as fractions [K, 4], scores [K], numbers of categories [K]."""

    boxes: np.ndarray
    scores: np.ndarray
    kinds: np.ndarray


def contained(image: Image.Image, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Pixels [side, side, 3] with the picture in the middle, and (x, y, width, height) of its place."""
    scale = min(side / image.width, side / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    pixels = np.asarray(ImageOps.pad(image, (side, side), Image.Resampling.BILINEAR, GREY))
    return pixels, np.array([round((side - size[0]) * 0.5), round((side - size[1]) * 0.5), *size], np.float32)


Places = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def placed(levels: Levels, channels: tuple[str, ...], row: int = 0) -> Places:
    """One picture's boxes [A, 4] in pixels, probabilities of objects [A] and of categories [A, CATEGORIES]: of each
    place only the best channel's."""
    boxes, objectness, classes, _ = decode(levels)
    return boxes[row], objectness[row].sigmoid(), _best(classes[row].sigmoid(), [NUMBER[name] for name in channels])


def _best(classes: torch.Tensor, numbers: list[int]) -> torch.Tensor:
    best, channel = classes.max(1)
    kinds = torch.tensor(numbers, device=classes.device)[channel]
    return torch.zeros(len(classes), len(CATEGORIES), device=classes.device).scatter(1, kinds[:, None], best[:, None])


def found(parts: list[Places], place: np.ndarray, overlap: float = OVERLAP) -> Found:
    """The places of all branches, thinned out."""
    boxes, objectness, classes = (torch.cat(part).cpu() for part in zip(*parts))
    scores = classes * objectness[:, None]
    corners, values, numbers = (part[0].numpy() for part in detections(boxes[None], scores[None], COUNT, overlap))
    kept = values > SCORE
    corners = (corners[kept] - np.tile(place[:2], 2)) / np.tile(place[2:], 2)
    return Found(np.clip(corners, 0, 1), values[kept], numbers[kept])


def from_levels(levels: Levels, place: np.ndarray, row: int = 0, overlap: float = OVERLAP) -> Found:
    """Levels of both branches -> detections of one picture."""
    count = len(STRIDES)
    parts = [placed(levels[count * i : count * (i + 1)], channels, row) for i, channels in enumerate(CHANNELS)]
    return found(parts, place, overlap)


def from_coco_classes(boxes: torch.Tensor, objectness: torch.Tensor, classes: torch.Tensor, place: np.ndarray) -> Found:
    """The same for a detector of COCO's 80 classes: a place counts if its best class has a category."""
    best = classes.argmax(1)
    ours = torch.zeros(len(classes), len(CATEGORIES))
    for category, members in COCO_MEMBERS.items():
        of_it = torch.isin(best, torch.tensor(members))
        ours[of_it, NUMBER[category]] = classes[of_it].amax(1)
    return found([(boxes, objectness, ours)], place)


@dataclass
class Matches:
    """All detections of a category, best first: score, number of the picture, whether it hit (at some overlap)."""

    scores: np.ndarray
    pictures: np.ndarray
    hits: np.ndarray
    objects: np.ndarray  # of each picture


def matches(items: list[Annotated], outputs: list[Found], number: int, limit: float = 0.5) -> Matches:
    """Greedy, as in COCO; a detection mostly inside an ignored region counts neither way."""
    rows, objects = [], np.zeros(len(items))
    for picture, (item, output) in enumerate(zip(items, outputs)):
        truth, unknown = item.boxes[item.labels == number], item.boxes[item.labels == IGNORED]
        objects[picture] = len(truth)
        free = np.ones(len(truth), bool)
        for index in np.flatnonzero(output.kinds == number):
            box = output.boxes[index]
            overlap = np.where(free, _shared(truth, box)[0], 0)
            best = int(overlap.argmax()) if len(truth) else -1
            hit = best >= 0 and overlap[best] >= limit
            if hit:
                free[best] = False
            elif len(unknown) and _shared(unknown, box)[1].max() >= limit:
                continue
            rows.append((output.scores[index], picture, hit))
    rows.sort(key=lambda row: -row[0])
    table = np.array(rows, np.float64).reshape(-1, 3)
    return Matches(table[:, 0], table[:, 1].astype(int), table[:, 2] > 0, objects)


def _shared(boxes: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Intersection over union, and over the single box."""
    both = np.clip(np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2]), 0, None).prod(1)
    own = (box[2:] - box[:2]).prod()
    return both / ((boxes[:, 2:] - boxes[:, :2]).prod(1) + own - both + 1e-9), both / (own + 1e-9)


def average_precision(found: Matches, weights: np.ndarray | None = None) -> float:
    """COCO's, over 101 recalls; `weights`: how often each picture counts (bootstrap). NaN without objects."""
    weights = np.ones(len(found.objects)) if weights is None else weights
    total = (found.objects * weights).sum()
    if total == 0:
        return float("nan")
    counted = weights[found.pictures]
    good = np.cumsum(found.hits * counted)
    precision = good / np.maximum(np.cumsum(counted), 1e-9)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    place = np.searchsorted(good / total, RECALLS - 1e-9)
    return float(np.append(precision, 0.0)[np.minimum(place, len(precision))].mean())


def recall(found: Matches, least: float = 0.0) -> float:
    """Part of the objects that are found with at least this score."""
    total = found.objects.sum()
    return float((found.hits & (found.scores >= least)).sum() / total) if total else float("nan")


@torch.no_grad()
def predict(network: Yolox | Twin, pixels: np.ndarray, extents: np.ndarray, device: torch.device, batch: int = 32) -> list[Found]:
    """Pictures as `annotations.stored` makes them -> the detections of each, by the trained branch or by both."""
    result = []
    for first in range(0, len(pixels), batch):
        x = torch.from_numpy(pixels[first : first + batch]).to(device).permute(0, 3, 1, 2).float().flip(1)
        levels = [tuple(part.float().cpu() for part in level) for level in network(x)]
        for row in range(len(x)):
            place = np.array([0, 0, *extents[first + row]], np.float32)
            if len(levels) > len(STRIDES):
                result.append(from_levels(levels, place, row))
            else:
                result.append(found([placed(levels, TRAINED, row)], place))
    return result


def quick_average_precision(network, folder: Path, device: torch.device) -> dict[str, dict[str, float]]:
    """AP at overlap 0.5 of each checked category, in percent, on the held-out sets of `prepare.py`."""
    result = {}
    for name, items in held_out().items():
        if isinstance(network, Yolox) and name == "coco-mini":
            continue
        pixels, extents = (np.load(folder / f"held-out.{name}{end}.npy") for end in ("", ".sizes"))
        outputs = predict(network, pixels, extents, device)
        each = {kind: 100 * average_precision(matches(items, outputs, NUMBER[kind])) for kind in CHECKED[name]}
        mean = float(np.nanmean(list(each.values())))
        result[name] = {"mean": round(mean, 2), **{kind: round(value, 1) for kind, value in each.items()}}
    return result
