"""What the unmodified YOLOX-nano sees in a picture: boxes of the categories it shares, and where it is in doubt.

Each picture is looked at in several sizes, also mirrored; boxes of the same category that overlap are one object,
whose score is the mean over all views.
"""

import numpy as np
import torch
import torch.nn.functional as F

from annotations import Annotated
from categories import COCO_MEMBERS, COCO_NAMES, NUMBER, SHARED
from training.detection import IGNORED, detections
from training.mosaic import Boxed
from training.yolox import Yolox, decode

SIDES = (416, 512, 640)
SURE, DOUBTFUL = 0.35, 0.12  # scores of a label, and of a region to ignore
PERSON = len(SHARED)  # people are no category, but hide garments that nobody has labelled
PERSON_DOUBT = 0.2
SAME = 0.55  # overlap of two boxes of one object


def shared_scores(objectness: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """Logits [N, A], [N, A, 80] -> [N, A, SHARED + person]: largest probability of a category's members."""
    chance = classes.sigmoid()
    columns = [chance[..., COCO_MEMBERS[category]].amax(-1) for category in SHARED]
    columns.append(chance[..., COCO_NAMES.index("person")])
    return torch.stack(columns, -1) * objectness.sigmoid()[..., None]


@torch.no_grad()
def views(teacher: Yolox, pictures: Boxed, batch: int, sides: tuple[int, ...]):
    """Yields (boxes as fractions of the stored square, scores, classes), each [N, K, ...], of every view."""
    stored = pictures.images.shape[2]
    for side in sides:
        for mirrored in (False, True):
            parts = []
            for images in pictures.images.split(batch):
                x = images.float().flip(1)
                if side != stored:
                    x = F.interpolate(x, size=(side, side), mode="bilinear", antialias=side < stored)
                if mirrored:
                    x = x.flip(3)
                with torch.autocast(x.device.type, dtype=torch.bfloat16, enabled=x.is_cuda):
                    levels = teacher(x)
                boxes, objectness, classes, _ = decode(levels)
                boxes, scores, kinds = detections(boxes / side, shared_scores(objectness, classes), 60, 0.6)
                if mirrored:
                    boxes = torch.stack([1 - boxes[..., 2], boxes[..., 1], 1 - boxes[..., 0], boxes[..., 3]], -1)
                parts.append((boxes.cpu().numpy(), scores.cpu().numpy(), kinds.cpu().numpy()))
            yield tuple(np.concatenate(part) for part in zip(*parts))


def merged(boxes: np.ndarray, scores: np.ndarray, kinds: np.ndarray, count: int):
    """Boxes of all `count` views of one picture -> objects (boxes, mean scores, classes)."""
    order = np.argsort(-scores)
    left = [index for index in order if scores[index] > 0.05]
    result = []
    while left:
        first = left[0]
        low = np.maximum(boxes[left, :2], boxes[first, :2])
        high = np.minimum(boxes[left, 2:], boxes[first, 2:])
        both = np.clip(high - low, 0, None).prod(1)
        area = (boxes[left, 2:] - boxes[left, :2]).prod(1)
        same = (both / (area + area[0] - both + 1e-9) > SAME) & (kinds[left] == kinds[first])
        group = np.array(left)[same]
        weights = scores[group] / scores[group].sum()
        result.append(((boxes[group] * weights[:, None]).sum(0), min(1.0, scores[group].sum() / count), kinds[first]))
        left = [index for index, taken in zip(left, same) if not taken]
    return result


def pseudo_labels(
    teacher: Yolox, pictures: Boxed, items: list[Annotated], batch: int = 64, sides: tuple[int, ...] = SIDES
) -> dict[str, int]:
    """Adds to the items' boxes what the teacher is sure of, and ignored regions where it doubts. Returns counts.

    In clothing-co-parsing garments and accessories are labelled, in home-objects curtains, pots and toasters; bags
    and other appliances in home-objects are the teacher's, and people there are ignored regions, since their clothes
    are not labelled. (Furniture is marked, too; the trained branch takes it for background.)
    """
    seen = list(views(teacher, pictures, batch, sides))
    scale = pictures.images.shape[2] / pictures.sizes.cpu().numpy().astype(np.float32)
    counts: dict[str, int] = {}
    for number, item in enumerate(items):
        boxes, scores, kinds = (np.concatenate([view[part][number] for view in seen]) for part in range(3))
        clothing = item.source == "clothing-co-parsing"
        for box, score, kind in merged(boxes, scores, kinds, len(seen)):
            box = np.clip(box * np.tile(scale[number], 2), 0, 1).astype(np.float32)
            if kind == PERSON:
                if clothing or score < PERSON_DOUBT:
                    continue
                label = IGNORED
            else:
                if (clothing and SHARED[kind] == "bag") or score < DOUBTFUL:
                    continue
                label = NUMBER[SHARED[kind]] if score >= SURE else IGNORED
            if label >= 0 and overlapping(box, item.boxes[item.labels >= 0]) > 0.5:
                continue
            if label >= 0:
                counts[SHARED[kind]] = counts.get(SHARED[kind], 0) + 1
            item.boxes = np.concatenate([item.boxes, box[None]])
            item.labels = np.append(item.labels, label)
    return counts


def overlapping(box: np.ndarray, others: np.ndarray) -> float:
    """Largest intersection over union with one of the others."""
    if len(others) == 0:
        return 0.0
    both = np.clip(np.minimum(others[:, 2:], box[2:]) - np.maximum(others[:, :2], box[:2]), 0, None).prod(1)
    area = lambda boxes: (boxes[..., 2:] - boxes[..., :2]).prod(-1)
    return float((both / (area(others) + area(box) - both + 1e-9)).max())
