"""The funnel on outfits (clothing-co-parsing, val).

The garments of all photographs, cut out along their masks onto white, are the catalogue. A garment's picture shares
its pixels with the photograph it is looked for in; a second catalogue changes them (mirrored, colours, sharpness,
JPEG).
"""

import random
import sys
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from categories import CATEGORIES, CLOTHING
from funnel_scenes import FOLDER, Box, Embedder, Scene, best_rank, crop_view, opened, rank, scenes, stretched
from funnel_statistics import Bootstrap, hits, ladder, mean
from training.detection import overlaps
from training.shards import Picture, crops, pictures

sys.path.append(str(FOLDER.parent / "complete-the-look"))  # the last: both folders have an evaluate.py

from views import PRODUCT_MARGIN, WHITE, changed, cut, label_map, label_number  # noqa: E402

SET = "clothing-co-parsing"
OVERLAP = 0.5
"""From which a detection counts as found."""
CORRUPTIONS = 50


@dataclass
class Garment:
    """All boxes of one label in a photograph (a pair of shoes) are one garment; the largest is its picture."""

    photo: int
    label: str
    kind: int
    boxes: np.ndarray  # [B, 4], the largest first

    def picture(self, image: Image.Image, mask: np.ndarray, draw: random.Random | None) -> np.ndarray:
        own = Image.fromarray(mask == label_number(self.label))
        image = Image.composite(image, Image.new("RGB", image.size, WHITE), own)
        if draw is None:
            return crop_view(image, self.boxes[0], PRODUCT_MARGIN)
        return stretched(changed(cut(image, tuple(map(float, self.boxes[0]))), draw))


def garments(photos: list[Picture]) -> list[Garment]:
    number = {photo.file: index for index, photo in enumerate(photos)}
    groups: dict[tuple[int, str], list[Box]] = {}
    for crop in crops(SET, {"val"}):
        if crop.label in CLOTHING and crop.file in number:
            groups.setdefault((number[crop.file], crop.label), []).append(crop.box)
    size = lambda box: (box[2] - box[0]) * (box[3] - box[1])  # noqa: E731
    return [
        Garment(photo, label, CATEGORIES.index(CLOTHING[label]), np.array(sorted(boxes, key=size, reverse=True)))
        for (photo, label), boxes in groups.items()
    ]


def found_by(scene: Scene, garment: Garment) -> np.ndarray:
    """Numbers of the detections [M] that overlap the garment enough, the most certain first."""
    if not len(scene.boxes):
        return np.zeros(0, int)
    shared = overlaps(torch.from_numpy(scene.boxes).double()[None], torch.from_numpy(garment.boxes)[None])[0]
    return np.flatnonzero(shared.numpy().max(1) >= OVERLAP)


def crossover(
    similar: np.ndarray, kinds: np.ndarray, sample: Bootstrap, ungated: np.ndarray, gated: np.ndarray
) -> dict:
    """First places of true boxes when the gate's category is wrong with probability p: another one of the gallery's."""
    generator, names = np.random.default_rng(0), np.unique(kinds)
    curve = []
    for wrong in np.arange(10) / 10:
        total = 0
        for _ in range(CORRUPTIONS):
            others = np.array([generator.choice(names[names != kind]) for kind in kinds])
            gate = np.where(generator.random(len(kinds)) < wrong, others, kinds)
            total += sum(rank(similar[i], i, kinds == gate[i]) == 1 for i in range(len(kinds)))
        curve.append([round(1 - float(wrong), 1), round(100 * total / CORRUPTIONS / len(kinds), 1)])
    one, other = mean(ungated == 1), mean(gated == 1)
    return {
        "without gate": round(100 * float((ungated == 1).mean()), 1),
        "gated, by accuracy of the category": curve,
        "accuracy at the crossing": sample.percent(lambda weights: one(weights) / other(weights)),
    }


def outfits_against(gallery: np.ndarray, all_scenes: list[Scene], things: list[Garment], true: np.ndarray) -> dict:
    """The funnel with one catalogue [G, 256]; `true`: embeddings of the true boxes [G, 256]."""
    kinds = np.array([thing.kind for thing in things])
    count = range(len(things))
    sample = Bootstrap(np.array([thing.photo for thing in things]))
    views = [all_scenes[thing.photo] for thing in things]
    similar = true @ gallery.T
    whole = np.stack([view.whole for view in views]) @ gallery.T
    boxes_only = np.array([rank(similar[i], i) for i in count])
    boxes_gated = np.array([rank(similar[i], i, kinds == kinds[i]) for i in count])

    matched = [found_by(view, thing) for view, thing in zip(views, things)]
    detected = np.array([len(one) > 0 for one in matched])
    right = np.array([(view.kinds[one] == kind).any() for view, one, kind in zip(views, matched, kinds)])
    first_right = np.array(
        [len(one) > 0 and view.kinds[one[0]] == kind for view, one, kind in zip(views, matched, kinds)]
    )
    near_open, near = (
        np.array([best_rank(views[i], gallery, i, gate, matched[i]) for i in count]) for gate in (None, kinds)
    )
    end = np.array([best_rank(views[i], gallery, i, kinds) for i in count])
    end_open = np.array([best_rank(views[i], gallery, i, None) for i in count])
    whole_ranks = np.array([rank(whole[i], i) for i in count])

    found, labelled, shown = mean(detected), mean(right, detected), mean(boxes_gated == 1)
    by_category = {}
    for kind in np.unique(kinds):
        own = kinds == kind
        by_category[CATEGORIES[kind]] = {
            "garments": int(own.sum()),
            "detected": round(100 * float(detected[own].mean()), 1),
            "right category": round(100 * float(right[own].mean()), 1),
            "gated P@1, true boxes": round(100 * float((boxes_gated[own] == 1).mean()), 1),
            "hit@1": round(100 * float((end[own] == 1).mean()), 1),
        }
    firsts = np.array([
        [photo, *(crop in matched[first] and views[first] is scene for first in (found.argmax(), within.argmax()))]
        for photo, scene in enumerate(all_scenes)
        for crop, (found, kind) in enumerate(zip(scene.vectors @ gallery.T, scene.kinds))
        for within in [np.where(kinds == kind, found, -2)]
    ])  # fmt: skip
    shots = Bootstrap(firsts[:, 0])
    return {
        "garments": len(things),
        "stages": {
            "detected": sample.percent(found),
            "detected, with its category": sample.percent(mean(right)),
            "category right, of detected": sample.percent(labelled),
            "P@1, true boxes": sample.percent(mean(boxes_only == 1)),
            "gated P@1, true boxes": sample.percent(shown),
            "P@1, detected boxes": sample.percent(mean(near_open == 1, detected)),
            "gated P@1, detected boxes": sample.percent(mean(near == 1, right)),
        },
        "product of the stages": sample.percent(lambda w: found(w) * labelled(w) * shown(w)),
        "end to end": hits(sample, end),
        "end to end, not gated": hits(sample, end_open),
        "by crops that overlap the garment": hits(sample, near),
        "by crops that overlap the garment, not gated": hits(sample, near_open),
        "gate minus no gate": {
            "true boxes": sample.percent(mean((boxes_gated == 1) * 1.0 - (boxes_only == 1))),
            "crops that overlap the garment": sample.percent(mean((near == 1) * 1.0 - (near_open == 1))),
            "all crops": sample.percent(mean((end == 1) * 1.0 - (end_open == 1))),
            "all crops, hit@10": sample.percent(mean((end <= 10) * 1.0 - (end_open <= 10))),
        },
        "whole picture, gated by the true category": hits(
            sample, np.array([rank(whole[i], i, kinds == kinds[i]) for i in count])
        ),
        "ladder": ladder(
            sample,
            {
                "whole picture": whole_ranks,
                "detected crops": end_open,
                "detected crops, gated": end,
                "true boxes, gated": boxes_gated,
            },
        ),
        "crossover": {
            **crossover(similar, kinds, sample, boxes_only, boxes_gated),
            "accuracy of the detector": sample.percent(mean(first_right, detected)),
        },
        "crops": {
            "of a photograph": round(float(np.mean([len(scene.kinds) for scene in all_scenes])), 1),
            "first product is a garment it shows": shots.percent(mean(firsts[:, 1])),
            "first product is a garment it shows, gated": shots.percent(mean(firsts[:, 2])),
        },
        "categories": by_category,
    }


def outfits(embed: Embedder) -> dict:
    photos = pictures(SET, {"val"})
    images = [opened(photo) for photo in photos]
    things = garments(photos)
    all_scenes = scenes(images, embed)
    masks = [label_map(photo.file) for photo in photos]
    draw = random.Random(0)
    plain, altered = (
        embed([thing.picture(images[thing.photo], masks[thing.photo], change) for thing in things])
        for change in (None, draw)
    )
    true = embed([crop_view(images[thing.photo], thing.boxes[0]) for thing in things])
    return {
        "photographs": len(photos),
        "chance": round(100 / len(things), 2),
        "cut-outs": outfits_against(plain, all_scenes, things, true),
        "changed cut-outs": outfits_against(altered, all_scenes, things, true),
    }
