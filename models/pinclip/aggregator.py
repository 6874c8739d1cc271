"""An aggregator that learns, beside the shipped sum: are picture and title together better than either alone?

    python models/pinclip/aggregator.py [--cache FOLDER] [--seeds 0 1 2]

PinCLIP's third tower (arXiv 2603.03544) fuses an image and a text into one vector. Here three of them learn on the
frozen vectors of the shipped towers, on products of three shops, and are tested on other products of the same shops
by queries in pictures and in words. An experiment on sets that may not shape shipped weights.
"""

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "itemsage"), str(HERE.parent)]

from features import embed_pictures, embed_texts, pinned
from products import load
from queries import queries
from training.retrieval import ranks
from training.sigmoid_loss import SigmoidPairs

LOOK, WORDS, DIMENSIONS, HIDDEN, HEADS = "pinclip", "pinclip-text", 256, 256, 8
SETS = ("fashion-products", "ikea", "magento")
TESTED, WATCHED = 0.35, 0.1  # shares of the products that test, and that choose the number of steps
MISSING = 0.3  # of the text queries in training: the product's title lacks their words
BATCH, RATE, DECAY, SCALE_RATE, DROPOUT = 192, 5e-4, 0.1, 0.01, 0.1
STOPS = (25, 50, 100, 200)
WEIGHTS = tuple(round(at / 20, 2) for at in range(1, 20))  # of the picture, in the weighted sum; the title has the rest
Fuse = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # images and texts [N, 256] -> unit vectors [N, 256]


@dataclass
class Shop:
    """Products of one set: vectors [N, 256] of what is stored and of what is asked."""

    images: torch.Tensor
    titles: torch.Tensor
    pictures: torch.Tensor  # to ask with: another photograph, else a crop of the same in other light
    words: torch.Tensor  # one to three words of the title; zeros: none
    lacking: torch.Tensor  # the title without these words
    attributes: torch.Tensor  # "red dress"; zeros: none
    satisfied: torch.Tensor  # bool [N, N]: the product has what the attribute query of that row wants
    lines: list[str]  # the words
    groups: list[str]  # colours of one product share a group


def shop(name: str, cache: Path, workers: int) -> Shop:
    products = load(name, cache)
    asked = [queries(product) for product in products]
    first = [{query.kind: query for query in reversed(found)} for found in asked]
    words = [found["title"].text if "title" in found else "" for found in first]
    lacking = [found["title"].without["title"] if "title" in found else "" for found in first]
    attributes = [found["attribute"].text if "attribute" in found else "" for found in first]
    wanted = [set(found["attribute"].wanted) if "attribute" in found else None for found in first]
    has = [set(product.attributes.items()) for product in products]
    satisfied = [[wants is not None and wants <= owned for owned in has] for wants in wanted]
    others = [(one.pictures[-1], int(len(one.pictures) == 1)) for one in products]
    titles = [product.texts["title"] for product in products]
    seen = embed_pictures(LOOK, [(one.pictures[0], 0) for one in products] + others, cache, workers)
    said = embed_texts(WORDS, titles + words + lacking + attributes, cache, workers)
    images, pictures = torch.from_numpy(seen).chunk(2)
    parts = torch.from_numpy(said).chunk(4)
    groups = [product.id.split("/")[0] for product in products]
    return Shop(images, parts[0], pictures, *parts[1:], torch.tensor(satisfied), words, groups)


# Aggregators: all start at the shipped sum


def added(image: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
    return F.normalize(image + text, dim=1)


class Gate(nn.Module):
    """A weight each for the picture and the title of a product, from both."""

    def __init__(self):
        super().__init__()
        self.weigh = nn.Sequential(
            nn.Linear(2 * DIMENSIONS, HIDDEN), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(HIDDEN, 2)
        )
        silent(self.weigh[-1])

    def forward(self, image: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        weights = self.weigh(torch.cat([image, text], 1) * DIMENSIONS**0.5).softmax(1)
        return F.normalize(weights[:, :1] * image + weights[:, 1:] * text, dim=1)


class Perceptron(nn.Module):
    """The sum, and what a hidden layer adds to it."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2 * DIMENSIONS, HIDDEN), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(HIDDEN, DIMENSIONS)
        )
        silent(self.layers[-1])

    def forward(self, image: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        # Unit vectors have components of a sixteenth: the hidden layer should see ones.
        return F.normalize(added(image, text) + self.layers(torch.cat([image, text], 1) * DIMENSIONS**0.5), dim=1)


class Transformer(nn.Module):
    """The sum, and what CLS says after one layer over CLS, the picture and the title."""

    def __init__(self):
        super().__init__()
        self.kinds = nn.Parameter(torch.randn(3, DIMENSIONS) * 0.5)
        self.layer = nn.TransformerEncoderLayer(
            DIMENSIONS, HEADS, 2 * DIMENSIONS, DROPOUT, "gelu", batch_first=True, norm_first=True
        )
        self.out = nn.Sequential(nn.LayerNorm(DIMENSIONS), nn.Linear(DIMENSIONS, DIMENSIONS))
        silent(self.out[-1])

    def forward(self, image: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        tokens = torch.stack([torch.zeros_like(image), image, text], 1) * DIMENSIONS**0.5 + self.kinds
        return F.normalize(added(image, text) + self.out(self.layer(tokens)[:, 0]), dim=1)


def silent(layer: nn.Linear) -> None:
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)


AGGREGATORS = {"gate": Gate, "perceptron": Perceptron, "transformer layer": Transformer}


# Training


def train(kind: type[nn.Module], shops: list[Shop], learned: list[np.ndarray], seed: int, at_stop: Callable) -> None:
    """`at_stop(step, aggregator)` at each of STOPS. A batch is of one shop; its queries are the towers' own vectors."""
    torch.manual_seed(seed)
    model, by_picture, by_words = kind(), SigmoidPairs(), SigmoidPairs()
    scales = [*by_picture.parameters(), *by_words.parameters()]
    optimizer = torch.optim.AdamW(
        [
            {"params": model.parameters(), "lr": RATE, "weight_decay": DECAY},
            {"params": scales, "lr": SCALE_RATE, "weight_decay": 0},
        ]
    )
    draw = np.random.default_rng(seed)
    for step in range(1, max(STOPS) + 1):
        at = draw.integers(len(shops))
        one = shops[at]
        rows = draw.choice(learned[at], min(BATCH, len(learned[at])), replace=False)
        lacks = torch.from_numpy(draw.random(len(rows)) < MISSING)[:, None]
        fused = model(one.images[rows], torch.where(lacks, one.lacking[rows], one.titles[rows]))
        line = np.array([one.lines[row] for row in rows])
        same = torch.from_numpy(line[:, None] == line[None])
        asks = torch.from_numpy(line != "")
        loss = by_picture(one.pictures[rows], fused) + by_words(one.words[rows][asks], fused, same[asks])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step in STOPS:
            model.eval()
            with torch.no_grad():
                at_stop(step, model)
            model.train()


# Figures


def recall10(asked: torch.Tensor, stored: torch.Tensor) -> float:
    """Percent of the queries (row n asks for product n) whose product is among the first ten."""
    there = np.flatnonzero(asked.abs().amax(1).numpy() > 0)
    own = np.arange(len(stored)) == there[:, None]
    return 100 * float((ranks(asked[there].numpy(), stored.numpy(), own, np.zeros_like(own)) < 10).mean())


def precision10(asked: torch.Tensor, stored: torch.Tensor, right: torch.Tensor) -> float:
    """Of the first ten (or of as many as are right, where these are fewer), the percentage that is right."""
    most = right.sum(1).clamp(max=10)
    hits = right.gather(1, (asked @ stored.T).topk(10, 1).indices)
    places = torch.arange(10) < most[:, None]
    return 100 * ((hits & places).sum(1)[most > 0] / most[most > 0]).mean().item()


def figures(one: Shop, rows: np.ndarray, fuse: Fuse) -> dict[str, float]:
    stored = fuse(one.images[rows], one.titles[rows])
    lacking = fuse(one.images[rows], one.lacking[rows])
    return {
        "picture": recall10(one.pictures[rows], stored),
        "title words": recall10(one.words[rows], stored),
        "title words that it lacks": recall10(one.words[rows], lacking),
        "attributes": precision10(one.attributes[rows], stored, one.satisfied[rows][:, rows]),
    }


def over(shops: list[Shop], parts: list[np.ndarray], fuse: Fuse) -> dict:
    """Figures by set, and their mean over the sets."""
    found = {name: figures(one, rows, fuse) for name, one, rows in zip(SETS, shops, parts)}
    mean = {key: np.mean([of_set[key] for of_set in found.values()]) for key in found[SETS[0]]}
    mean["all four"] = np.mean(list(mean.values()))
    rounded = lambda values: {key: round(float(value), 2) for key, value in values.items()}  # noqa: E731
    return {part: rounded(values) for part, values in {"mean": mean, **found}.items()}


def worth(found: dict) -> float:
    """What recipes are chosen by: the two kinds of query that the aggregators learn from, evenly."""
    return found["mean"]["picture"] + found["mean"]["title words"]


# The experiment


def split(one: Shop, seed: int) -> dict[str, np.ndarray]:
    groups = sorted(set(one.groups))
    chance = dict(zip(groups, np.random.default_rng(seed).random(len(groups))))
    of_row = np.array([chance[group] for group in one.groups])
    part = np.digitize(of_row, [TESTED, TESTED + WATCHED])
    return {name: np.flatnonzero(part == at) for at, name in enumerate(("tested", "watched", "learned"))}


def weighted(weight: float) -> Fuse:
    return lambda image, text: F.normalize(weight * image + (1 - weight) * text, dim=1)


def run(shops: list[Shop], seed: int) -> dict:
    splits = [split(one, seed) for one in shops]
    tested, watched, learned = ([one[name] for one in splits] for name in ("tested", "watched", "learned"))
    weight = max(WEIGHTS, key=lambda one: worth(over(shops, watched, weighted(one))))
    fixed = {
        "picture alone": weighted(1.0),
        "title alone": weighted(0.0),
        "sum (shipped)": added,
        "weighted sum": weighted(weight),
    }
    variants = {name: {"figures": over(shops, tested, fuse)} for name, fuse in fixed.items()}
    variants["weighted sum"]["picture's weight"] = weight
    for name, kind in AGGREGATORS.items():
        curve = {}

        def measure(step: int, model: nn.Module) -> None:
            curve[step] = (worth(over(shops, watched, model)), over(shops, tested, model))

        train(kind, shops, learned, seed, measure)
        steps = max(curve, key=lambda step: (curve[step][0], -step))
        variants[name] = {"steps": steps, "figures": curve[steps][1]}
    products = {name: {part: len(rows) for part, rows in one.items()} for name, one in zip(SETS, splits)}
    return {"products": products, "variants": variants}


def summary(runs: list[dict]) -> dict:
    """Variant -> set (or mean) -> kind of query -> mean and standard deviation over the seeds."""
    result: dict = {}
    for name, variant in runs[0]["variants"].items():
        for part, found in variant["figures"].items():
            for key in found:
                values = [one["variants"][name]["figures"][part][key] for one in runs]
                entry = {"mean": round(float(np.mean(values)), 2), "deviation": round(float(np.std(values, ddof=1)), 2)}
                result.setdefault(name, {}).setdefault(part, {})[key] = entry
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=HERE / "cache", help="keeps vectors of pictures and texts")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="two at least; of the splits")
    parser.add_argument("--workers", type=int, default=2, help="processes that compute vectors")
    parser.add_argument("--output", type=Path, default=HERE / "results" / "aggregator.json")
    arguments = parser.parse_args()
    began = time.time()
    torch.set_num_threads(1)  # small matrices: a second thread only waits
    with contextlib.redirect_stdout(sys.stderr):
        shops = [shop(name, arguments.cache, arguments.workers) for name in SETS]
    runs = []
    for seed in arguments.seeds:
        runs.append(run(shops, seed))
        print(f"seed {seed}, {time.time() - began:.0f} s", file=sys.stderr, flush=True)
    mean = summary(runs)
    for name, found in mean.items():
        line = ", ".join(f"{key} {one['mean']} ± {one['deviation']}" for key, one in found["mean"].items())
        print(f"{name}: {line}", file=sys.stderr)
    result = {"encoders": [pinned(LOOK), pinned(WORDS)], "seeds": arguments.seeds, "mean": mean, "runs": runs}
    arguments.output.parent.mkdir(exist_ok=True)
    arguments.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
