"""How well products are found: by another picture, by words of their title, by attributes, with parts missing.

`python evaluate.py CACHE itemsage.pt` writes results/shipped.json: the shipped model against untrained mixtures of the
same vectors, on held-out products of the sets it was trained on and on sets that it never saw.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from dataset import Content, Shelf, build, content
from network import DIMENSIONS
from paths import HERE, RESULTS
from products import EVALUATE, SHIP
from train import INPUTS, satisfied, seen

PICTURES = 3  # of a product, where it has more
Embed = Callable[[Content], torch.Tensor]


def vectors(embed: Embed, shelf: Shelf, views: list[list[int]], texts: np.ndarray) -> torch.Tensor:
    found = []
    with torch.no_grad():
        for at in range(0, len(views), 512):
            found.append(embed(content(shelf, views[at : at + 512], texts[at : at + 512])))
    return torch.cat(found)


def rank_of_own(queries: torch.Tensor, products: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """How many products are nearer than the right one; half of those exactly as near."""
    scores = queries @ products.T
    right = scores.gather(1, own[:, None])
    near = (scores > right + 1e-6).sum(1) + ((scores - right).abs() <= 1e-6).sum(1) / 2 - 0.5
    return near


def recall10(queries: torch.Tensor, products: torch.Tensor, own: torch.Tensor) -> float:
    return 100 * (rank_of_own(queries, products, own) < 10).float().mean().item()


def precision10(queries: torch.Tensor, products: torch.Tensor, relevant: torch.Tensor) -> float:
    """Of the first ten (or of as many as are right, where these are fewer), how many are right; mean over queries."""
    best = (queries @ products.T).topk(10, 1).indices
    hits = relevant.gather(1, best)
    most = relevant.sum(1).clamp(max=10)
    place = torch.arange(10)[None] < most[:, None]
    return 100 * ((hits & place).sum(1) / most).mean().item()


def image_queries(shelf: Shelf, rows: np.ndarray) -> tuple[list[list[int]], torch.Tensor]:
    """Pictures that each product shows, and one that it does not: another photograph, else a crop."""
    views, asked = [], []
    for row in rows:
        shown = shelf.shown[row]
        if len(shown) > 1:
            views.append(shown[:-1][:PICTURES])
            asked.append(shown[-1])
        else:
            views.append(shown)
            asked.append(shelf.others[row][0])
    return views, shelf.pictures[asked]


def text_queries(shelf: Shelf, rows: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray, list[tuple[int, ...]]]:
    """Of each product that has one, its first query of the kind: place among the rows, its number, what it wants."""
    found = [
        (place, next((at for at, one in enumerate(shelf.asked[row]) if one[1] == kind), -1))
        for place, row in enumerate(rows)
    ]
    found = [(place, at) for place, at in found if at >= 0]
    places, numbers = (np.array(one) for one in zip(*found))
    return places, numbers, [shelf.asked[rows[place]][at][2] for place, at in found]


def figures(shelf: Shelf, rows: np.ndarray, embed: Embed) -> dict[str, float]:
    """Percent. `missing words`: every product is stored without the words of its own query."""
    views, pictures = image_queries(shelf, rows)
    unified, look = pictures[:, :DIMENSIONS], pictures[:, DIMENSIONS:]
    everyone = torch.arange(len(rows))
    full = np.stack([shelf.variants[row][0] for row in rows])
    empty = np.zeros_like(full)
    nothing: list[list[int]] = [[] for _ in rows]
    whole = vectors(embed, shelf, views, full)
    bare = vectors(embed, shelf, views, empty)
    result = {
        "image: unified": recall10(unified, whole, everyone),
        "image: look": recall10(look, whole, everyone),
        "image: unified, no texts": recall10(unified, bare, everyone),
        "image: look, no texts": recall10(look, bare, everyone),
    }
    for kind in ("title", "attribute"):
        places, numbers, wanted = text_queries(shelf, rows, kind)
        queries = shelf.texts[[shelf.asked[rows[place]][at][0] for place, at in zip(places, numbers)]]
        less = full.copy()
        for place, at in zip(places, numbers):
            less[place] = shelf.variants[rows[place]][1 + at]
        stored = {
            "": whole,
            ", missing words": vectors(embed, shelf, views, less),
            ", no texts": bare,
            ", no pictures": vectors(embed, shelf, nothing, full),
        }
        relevant = satisfied(shelf, wanted, rows)
        for name, products in stored.items():
            if kind == "title":
                result[f"title{name}"] = recall10(queries, products, torch.from_numpy(places))
            else:
                result[f"attribute{name}"] = precision10(queries, products, relevant)
    return {name: round(value, 2) for name, value in result.items()}


def mixture(look: float, unified: float, texts: float, fields: tuple[float, ...] = (1, 1, 1, 1)) -> Embed:
    """The weighted sum of the means of frozen vectors, untrained."""
    weight = torch.tensor(fields)[:, None]

    def embed(one: Content) -> torch.Tensor:
        pictures, words = one.pictures.sum(1), (one.texts * weight).sum(1)
        parts = [
            look * F.normalize(pictures[:, DIMENSIONS:], dim=1),
            unified * F.normalize(pictures[:, :DIMENSIONS], dim=1),
            texts * F.normalize(words, dim=1),
        ]
        return F.normalize(sum(parts), dim=1)

    return embed


def of(model, inputs: tuple[str, ...] = INPUTS) -> Embed:
    return lambda one: model(*vars(seen(one, inputs)).values())


MIXTURES = {
    "mixture 1 : 1 : 1": (1, 1, 1),
    "mixture 1 : ½ : 1": (1, 0.5, 1),
    "mixture 1 : 0.6 : 1.4": (1, 0.6, 1.4),
    "look alone": (1, 0, 0),
    "unified alone": (0, 1, 0),
    "texts alone": (0, 0, 1),
}


def main() -> None:
    from export import read_model

    parser = argparse.ArgumentParser(description="What the shipped model finds.")
    parser.add_argument("cache", type=Path)
    parser.add_argument("model", type=Path)
    arguments = parser.parse_args()
    contenders = {"itemsage": of(read_model(arguments.model))}
    contenders |= {name: mixture(*weights) for name, weights in MIXTURES.items()}
    result: dict = {}
    for sources, held_out in ((SHIP, True), (EVALUATE, None)):
        shelf = build(sources, arguments.cache)
        for source in sources:
            rows = shelf.rows(source, held_out=held_out)
            if len(rows):
                found = {name: figures(shelf, rows, embed) for name, embed in contenders.items()}
                result[source] = {"products": len(rows), **found}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (RESULTS / "shipped.json").write_text(text + "\n", encoding="utf8")
    manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf8"))
    for source in EVALUATE:
        found = result[source]["itemsage"]
        manifest["metrics"] |= {
            f"{source}_image_recall10": found["image: look"],
            f"{source}_title_recall10": found["title"],
            f"{source}_attribute_precision10": found["attribute"],
        }
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    for source, found in result.items():
        for name in ("itemsage", "mixture 1 : 0.6 : 1.4"):
            print(source, name, json.dumps(found[name], ensure_ascii=False))


if __name__ == "__main__":
    main()
