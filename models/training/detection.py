"""Boxes: overlaps, suppression, assignment of objects to places (SimOTA), and the losses of YOLOX (arXiv 2107.08430).

Boxes are corners (x0, y0, x1, y1) in pixels. A label of `NONE` is no box at all; one of `IGNORED` is a region where
nothing is known: places in it count neither as objects nor as background.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

NONE, IGNORED = -1, -2
CENTRE_RADIUS = 2.5  # places, around an object's centre, that may be assigned to it
CANDIDATES = 10  # best overlaps whose sum is the number of places of an object


def overlaps(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Intersection over union [..., A, B] of boxes [..., A, 4] and [..., B, 4]."""
    low = torch.maximum(a[..., :, None, :2], b[..., None, :, :2])
    high = torch.minimum(a[..., :, None, 2:], b[..., None, :, 2:])
    both = (high - low).clamp(min=0).prod(-1)
    area = lambda box: (box[..., 2:] - box[..., :2]).clamp(min=0).prod(-1)
    return both / (area(a)[..., :, None] + area(b)[..., None, :] - both + 1e-9)


def suppress(boxes: torch.Tensor, scores: torch.Tensor, kinds: torch.Tensor, limit: float) -> torch.Tensor:
    """Greedy suppression in each class of boxes [N, K, 4] that are sorted by score; scores of dropped ones become 0."""
    alive = scores > 0
    rivals = (overlaps(boxes, boxes) > limit) & (kinds[:, :, None] == kinds[:, None, :])
    rivals = rivals.triu(1)
    for index in range(boxes.shape[1]):
        alive &= ~(rivals[:, index] & alive[:, index, None])
    return torch.where(alive, scores, torch.zeros_like(scores))


def detections(
    boxes: torch.Tensor, scores: torch.Tensor, count: int = 100, limit: float = 0.65, candidates: int = 400
) -> tuple[torch.Tensor, ...]:
    """Boxes [N, A, 4] and scores [N, A, C] -> the best `count` (boxes, scores, classes) of each picture; score 0: none."""
    places, classes = scores.shape[1:]
    top, index = scores.flatten(1).topk(min(candidates, places * classes), 1)
    kinds, place = index % classes, index // classes
    chosen = boxes.gather(1, place[..., None].expand(-1, -1, 4))
    kept = suppress(chosen, top, kinds, limit)
    top, order = kept.topk(min(count, kept.shape[1]), 1)
    return chosen.gather(1, order[..., None].expand(-1, -1, 4)), top, kinds.gather(1, order)


@dataclass
class Assignment:
    """What each place [N, A] stands for."""

    positive: torch.Tensor  # [N, A] bool
    object: torch.Tensor  # [N, A] index of the object
    overlap: torch.Tensor  # [N, A] with that object


@torch.no_grad()
def assign(boxes, objectness, classes, places, targets: torch.Tensor, labels: torch.Tensor) -> Assignment:
    """SimOTA: each object takes the places of least cost, as many as its ten best overlaps sum to.

    boxes [N, A, 4], objectness [N, A] and classes [N, A, C] as logits, places [A, 3], targets [N, G, 4], labels [N, G].
    """
    known = labels >= 0
    centre, stride = places[:, :2], places[:, 2]
    offset = centre[None, None] - targets[:, :, None, :2], targets[:, :, None, 2:] - centre[None, None]
    in_box = torch.cat(offset, -1).amin(-1) > 0  # [N, G, A]
    middle = (targets[..., :2] + targets[..., 2:]) / 2
    in_centre = (centre[None, None] - middle[:, :, None]).abs().amax(-1) < CENTRE_RADIUS * stride
    allowed = (in_box | in_centre) & known[..., None]
    overlap = torch.where(allowed, overlaps(targets, boxes), torch.zeros((), device=boxes.device))
    chance = (classes.sigmoid() * objectness.sigmoid()[..., None]).sqrt().clamp(1e-6, 1 - 1e-6)
    background = -torch.log1p(-chance).sum(-1)  # [N, A]
    gain = (torch.log1p(-chance) - chance.log()).transpose(1, 2)  # [N, C, A]
    wanted = labels.clamp(min=0)[..., None].expand(-1, -1, gain.shape[2])
    cost = background[:, None] + gain.gather(1, wanted) - 3 * (overlap + 1e-8).log() + 1e5 * ~(in_box & in_centre)
    cost = cost.masked_fill(~allowed, 1e9)
    best = overlap.topk(min(CANDIDATES, overlap.shape[2]), 2).values.sum(2).int().clamp(min=1)  # [N, G]
    least, index = cost.topk(min(CANDIDATES, cost.shape[2]), 2, largest=False)
    taken = (torch.arange(least.shape[2], device=cost.device) < best[..., None]) & (least < 1e8)
    matched = torch.zeros_like(allowed).scatter(2, index, taken)
    claims = matched.sum(1)
    cheapest = cost.masked_fill(~matched, 1e9).argmin(1)  # [N, A]
    return Assignment(claims > 0, cheapest, overlap.gather(1, cheapest[:, None])[:, 0])


@torch.no_grad()
def ignored_places(places: torch.Tensor, targets: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """[N, A]: places whose centre lies in a region where nothing is known."""
    centre = places[None, None, :, :2]
    inside = torch.cat([centre - targets[:, :, None, :2], targets[:, :, None, 2:] - centre], -1).amin(-1) > 0
    return (inside & (labels == IGNORED)[..., None]).any(1)


def losses(
    boxes, objectness, classes, places, targets: torch.Tensor, labels: torch.Tensor, soft: torch.Tensor | None = None
) -> tuple[dict[str, torch.Tensor], Assignment]:
    """The losses of a batch, divided by its number of assigned places.

    `soft` [N, A]: how much of an object a place is that no object was assigned to (0..1; absent: not at all).
    """
    found = assign(boxes, objectness, classes, places, targets, labels)
    positive = found.positive
    count = positive.sum().clamp(min=1)
    batch = torch.arange(len(boxes), device=boxes.device)[:, None].expand_as(positive)
    goal = targets[batch[positive], found.object[positive]]
    kind = labels[batch[positive], found.object[positive]]
    guess = boxes[positive]
    low, high = torch.maximum(guess[:, :2], goal[:, :2]), torch.minimum(guess[:, 2:], goal[:, 2:])
    both = (high - low).clamp(min=0).prod(1)
    area = lambda box: (box[:, 2:] - box[:, :2]).clamp(min=0).prod(1)
    overlap = both / (area(guess) + area(goal) - both + 1e-9)
    counted = positive | ~ignored_places(places, targets, labels)
    there = positive.float() if soft is None else torch.maximum(positive.float(), soft)
    thing = F.binary_cross_entropy_with_logits(objectness, there, reduction="none")
    hot = F.one_hot(kind, classes.shape[2]).float() * found.overlap[positive][:, None]
    return {
        "box": 5 * (1 - overlap**2).sum() / count,
        "object": (thing * counted).sum() / count,
        "class": F.binary_cross_entropy_with_logits(classes[positive], hot, reduction="sum") / count,
    }, found
