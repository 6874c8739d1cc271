"""The funnel on rooms (ikea, evaluation only): rooms, and the catalogue's pictures of products in them.

The set says which products are in a room, not where: a category counts as detected when the room shows one of it.
"""

import base64
import csv
import json

import numpy as np

from categories import CATEGORIES, NUMBER
from funnel_scenes import FOLDER, Embedder, best_rank, opened, rank, scenes, stretched
from funnel_statistics import PLACES, Bootstrap, hits, mean
from training.look_categories import ikea_category
from training.shards import data_folder, pictures

LEAST_PROBABILITY = 0.7
"""Below it the head gives an item no category (`src/vision/look-classifier.ts`)."""
FEWEST = 15
"""Pairs of a category that is reported."""


def head_categories(vectors: np.ndarray) -> np.ndarray:
    """Category of each embedding by the shipped head; -1 where it is not sure."""
    head = json.loads((FOLDER.parent / "complete-the-look" / "category-head.json").read_text())
    weight, bias = (np.frombuffer(base64.b64decode(head[part]), "<f4") for part in ("weight", "bias"))
    logits = vectors @ weight.reshape(len(bias), -1).T + bias
    sure = 1 / np.exp(logits - logits.max(1, keepdims=True)).sum(1) >= LEAST_PROBABILITY
    return np.where(sure, np.array([NUMBER[name] for name in head["categories"]])[logits.argmax(1)], -1)


def by_chance(crops_of: np.ndarray, size: np.ndarray, place: int) -> float:
    """Hits at `place` in percent, if each of so many crops [N] ranked so many products [N] at random."""
    return round(100 * float((1 - (1 - np.minimum(1, place / size)) ** crops_of).mean()), 2)


def rooms(embed: Embedder) -> dict:
    places, products = pictures("ikea", {"room"}), pictures("ikea", {"product"})
    mapped = np.array([NUMBER.get(ikea_category(product.label), -1) for product in products])
    room_number, product_number = (
        {one.file: index for index, one in enumerate(part)} for part in (places, products)
    )
    with open(data_folder() / "images" / "ikea" / "pairs.csv", encoding="utf8", newline="") as file:
        linked = [(room_number.get(row["room"]), product_number.get(row["product"])) for row in csv.DictReader(file)]
    linked = [(room, product) for room, product in linked if room is not None and product is not None]
    pairs = np.array([(room, product) for room, product in linked if mapped[product] >= 0])
    used = np.unique(pairs[:, 0])
    all_scenes = dict(zip(used, scenes([opened(places[room]) for room in used], embed)))
    gallery = embed([stretched(opened(product)) for product in products])
    headed = head_categories(gallery)

    views = [all_scenes[room] for room in pairs[:, 0]]
    targets = pairs[:, 1]
    kinds = mapped[targets]
    sample = Bootstrap(pairs[:, 0])
    crops_of = np.array([len(view.kinds) for view in views])
    own_crops = np.array([(view.kinds == kind).sum() for view, kind in zip(views, kinds)])
    detected = own_crops > 0
    ranks = {
        "whole picture": np.array([rank(gallery @ view.whole, t) for view, t in zip(views, targets)]),
        "whole picture, gated by the true category": np.array(
            [rank(gallery @ view.whole, t, mapped == mapped[t]) for view, t in zip(views, targets)]
        ),
        "detected crops": np.array([best_rank(view, gallery, t, None) for view, t in zip(views, targets)]),
        "detected crops, gated by product type": np.array(
            [best_rank(view, gallery, t, mapped) for view, t in zip(views, targets)]
        ),
        "detected crops, gated by the category head": np.array(
            [best_rank(view, gallery, t, headed) for view, t in zip(views, targets)]
        ),
    }
    one = np.ones(len(pairs))
    sizes = np.array([(mapped == kind).sum() for kind in kinds])
    chances = {
        "whole picture": (one, one * len(products)),
        "whole picture, gated by the true category": (one, sizes),
        "detected crops": (crops_of, one * len(products)),
        "detected crops, gated by product type": (own_crops, sizes),
    }
    gated = ranks["detected crops, gated by product type"]
    by_category = {}
    for kind in np.unique(kinds):
        own = kinds == kind
        if own.sum() >= FEWEST:
            by_category[CATEGORIES[kind]] = {
                "pairs": int(own.sum()),
                "products": int((mapped == kind).sum()),
                "detected": round(100 * float(detected[own].mean()), 1),
                **{f"hit@{k}": round(100 * float((gated[own] <= k).mean()), 1) for k in PLACES},
                **{f"chance@{k}": by_chance(own_crops[own], sizes[own], k) for k in PLACES},
                "hit@10 of whole picture": round(100 * float((ranks["whole picture"][own] <= 10).mean()), 1),
            }
    return {
        "rooms": len(used),
        "products": len(products),
        "pairs": len(pairs),
        "pairs without a category": len(linked) - len(pairs),
        "products of no category": int((mapped < 0).sum()),
        "crops of a room": round(float(np.mean([len(scene.kinds) for scene in all_scenes.values()])), 1),
        "category shown in the room": sample.percent(mean(detected)),
        "head right, of products looked for": sample.percent(mean(headed[targets] == kinds)),
        "ways": {
            name: {
                **hits(sample, found),
                **({f"chance@{k}": by_chance(*chances[name], k) for k in PLACES} if name in chances else {}),
            }
            for name, found in ranks.items()
        },
        "gated by product type, where the category is shown": {
            f"hit@{k}": sample.percent(mean(gated <= k, detected)) for k in PLACES
        },
        "crops minus whole picture, hit@10": sample.percent(
            mean((ranks["detected crops"] <= 10) * 1.0 - (ranks["whole picture"] <= 10))
        ),
        "gate minus no gate, hit@10": sample.percent(mean((gated <= 10) * 1.0 - (ranks["detected crops"] <= 10))),
        "categories": by_category,
    }
