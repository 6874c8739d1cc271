"""What each part is worth: `python experiments.py CACHE NAME ...`, each into results/NAME.json.

claims, terms, longer: trained and tested on real products (fashion-products, ikea, magento), split by product, one
split a seed. popularity: fashion-products, drawn for training as unevenly as a shop's traffic. tasks: simulated logs
of the showroom. These models are experiments; nothing of them ships.
"""

import argparse
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from dataset import Shelf, build, content
from engagement import TASKS, Log, simulate
from evaluate import figures, mixture, of, rank_of_own, vectors
from network import DIMENSIONS
from paths import RESULTS
from train import Batch, Recipe, train

REAL = ("fashion-products", "ikea", "magento")
SEEDS = (0, 1, 2)
# Weights as in the paper: these models are tested on products like those that they learn from.
SHORT = Recipe(
    steps=150, batch=160, random=80, ngram_steps=150, penalty=0.1, weights=(1, 1, 1), missing_words=0.3, log_q=True
)
TESTED = 0.35  # of the products
SESSIONS = 6_000
ZIPF = 1.0

CLAIMS = {
    "transformer": SHORT,
    "transformer, no skip": replace(SHORT, skip=False),
    "concatenation": replace(SHORT, model="concatenation"),
    "concatenation, no skip": replace(SHORT, model="concatenation", skip=False),
    "pictures only": replace(SHORT, inputs=("pictures",)),
    "texts only": replace(SHORT, inputs=("texts", "ngrams")),
    "no n-grams": replace(SHORT, inputs=("pictures", "texts")),
    "no text vectors": replace(SHORT, inputs=("pictures", "ngrams")),
    "no text vectors, no skip": replace(SHORT, inputs=("pictures", "ngrams"), skip=False),
}
UNTRAINED = {
    "mixture 1:1:1": (1, 1, 1),
    "mixture": (1, 0.6, 1.4),
    "look alone": (1, 0, 0),
    "unified alone": (0, 1, 0),
    "texts alone": (0, 0, 1),
}
TERMS = {
    "unified only": replace(SHORT, losses=("unified",)),
    "look only": replace(SHORT, losses=("look",)),
    "text only": replace(SHORT, losses=("text",)),
    "batch negatives only": replace(SHORT, negatives=("batch",)),
    "random negatives only": replace(SHORT, negatives=("random",)),
    "no penalty": replace(SHORT, penalty=0.0),
}
# Four times the steps: does what a short training shows hold?
LONGER = {
    name: replace(CLAIMS[name], steps=4 * SHORT.steps)
    for name in ("transformer", "transformer, no skip", "concatenation", "concatenation, no skip")
}


def part(shelf: Shelf, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows to train on and to test on; colours of one product of magento stay together."""

    def tested(row: int) -> bool:
        product = shelf.products[row]
        name = f"{seed}/{product.source}/{product.id.split('/')[0]}"
        return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 2**32 < TESTED

    chosen = np.array([tested(row) for row in range(len(shelf.products))])
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def evenly(shelf: Shelf, rows: np.ndarray) -> np.ndarray:
    """Every set is drawn as often as every other."""
    sources = np.array([shelf.products[row].source for row in rows])
    return np.array([1 / (sources == source).sum() for source in sources]) / len(set(sources))


def by_set(shelf: Shelf, rows: np.ndarray, embed) -> dict:
    sources = np.array([shelf.products[row].source for row in rows])
    return {name: figures(shelf, rows[sources == name], embed) for name in REAL}


class Results:
    """One JSON file that grows with every run."""

    def __init__(self, name: str):
        self.path = RESULTS / f"{name}.json"
        self.found: dict = {}

    def add(self, variant: str, figures: dict) -> None:
        self.found.setdefault(variant, []).append(figures)
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(self.found, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
        print(variant, json.dumps(figures), flush=True)


def on_real_products(cache: Path, name: str, variants: dict[str, Recipe], untrained: dict) -> None:
    shelf, results = build(REAL, cache), Results(name)
    for seed in SEEDS:
        learned, tested = part(shelf, seed)
        chance = evenly(shelf, learned)
        for variant, weights in untrained.items():
            results.add(variant, by_set(shelf, tested, mixture(*weights)))
        ngrams = None
        for variant, recipe in variants.items():
            model = train(shelf, learned, replace(recipe, seed=seed), chance=chance, ngrams=ngrams)
            ngrams = model.ngrams if "ngrams" in recipe.inputs else ngrams
            results.add(variant, by_set(shelf, tested, of(model, recipe.inputs)))


def popularity(cache: Path) -> None:
    """Some products are asked for a hundred times as often as others; does the model forget the others?"""
    shelf, results = build(("fashion-products",), cache), Results("popularity")
    # The second title query of each product is kept for the test.
    asked, variants, kept = [], [], []
    for questions, texts in zip(shelf.asked, shelf.variants):
        titles = [at for at, one in enumerate(questions) if one[1] == "title"]
        held = titles[-1]
        asked.append([one for at, one in enumerate(questions) if at != held])
        variants.append(np.delete(texts, 1 + held, 0))
        kept.append(questions[held][0])
    learning = replace(shelf, asked=asked, variants=variants)
    rows, queries = np.arange(len(kept)), shelf.texts[kept]
    full = np.stack([texts[0] for texts in shelf.variants])
    for seed in SEEDS:
        draw = np.random.default_rng(seed)
        order = draw.permutation(len(rows))
        chance = np.empty(len(rows))
        chance[order] = (1 + np.arange(len(rows))) ** -ZIPF
        chance /= chance.sum()
        ngrams = None
        for variant, recipe in {
            "logQ": replace(SHORT, negatives=("batch",)),
            "no logQ": replace(SHORT, negatives=("batch",), log_q=False),
            "logQ, with random negatives": SHORT,
            "no logQ, with random negatives": replace(SHORT, log_q=False),
        }.items():
            model = train(learning, rows, replace(recipe, seed=seed, missing_words=0.0), chance=chance, ngrams=ngrams)
            ngrams = model.ngrams
            products = vectors(of(model), shelf, shelf.shown, full)
            near = rank_of_own(queries, products, torch.from_numpy(rows)) < 10
            head, tail = order[: len(rows) // 10], order[len(rows) // 2 :]
            hits = near.float().numpy()
            found = {name: hits[part].mean() for name, part in {"head": head, "tail": tail, "all": rows}.items()}
            found["demand"] = float((chance * hits).sum())  # asked for as often as drawn
            results.add(variant, {name: round(100 * float(value), 2) for name, value in found.items()})


def pairs_of(shelf: Shelf, log: Log, share: np.ndarray, size: int):
    """Draws batches of actions, each with the probability `share`. A product shows its first picture."""
    first = {int(row): shelf.shown[row][:1] for row in np.unique(log.products)}

    def pairs(draw: np.random.Generator) -> Batch:
        one = log.of(draw.choice(len(share), size, p=share))
        texts = np.stack([shelf.variants[row][0] for row in one.products])
        shown = content(shelf, [first[row] for row in one.products], texts)
        return Batch(one.products, shown, one.pictures, one.strings, [()] * size)

    return pairs


def tasks(cache: Path) -> None:
    shelf, results = build(("showroom",), cache), Results("tasks")
    rows = np.arange(len(shelf.products))
    full = np.stack([texts[0] for texts in shelf.variants])
    first = [views[:1] for views in shelf.shown]
    for seed in SEEDS:
        log = simulate(shelf, rows, cache, SESSIONS, seed)
        testing = log.sessions % 4 == 0
        learned, tested = log.of(~testing), log.of(testing)
        counts = {task: int((learned.tasks == at).sum()) for at, task in enumerate(TASKS)}
        popular = np.bincount(learned.products[learned.tasks == 0], minlength=len(rows))
        head = np.argsort(-popular)[: len(rows) // 10]

        def measured(embed) -> dict:
            products, result = vectors(embed, shelf, first, full), {}
            for at, task in enumerate(TASKS):
                chosen = tested.of(tested.tasks == at)
                near = []
                for asked, table in ((chosen.pictures, shelf.pictures[:, DIMENSIONS:]), (chosen.strings, shelf.texts)):
                    some = asked >= 0
                    own = torch.from_numpy(chosen.products[some])
                    near.append((rank_of_own(table[asked[some]], products, own) < 10, chosen.products[some]))
                hits = torch.cat([one for one, _ in near]).float()
                famous = torch.from_numpy(np.isin(np.concatenate([own for _, own in near]), head))
                result[task] = round(100 * hits.mean().item(), 2)
                if task == "click":
                    result["click, head"] = round(100 * hits[famous].mean().item(), 2)
                    result["click, others"] = round(100 * hits[~famous].mean().item(), 2)
            return result

        results.add("untrained mixture", {**measured(mixture(1, 0.6, 1.4)), "actions": counts})
        each = {task: (learned.tasks == at) for at, task in enumerate(TASKS)}
        even = sum(chosen / chosen.sum() for chosen in each.values()) / len(TASKS)
        ngrams = None
        for variant, share, recipe in (
            ("all tasks, even", even, SHORT),
            ("all tasks, as they come", np.full(len(even), 1 / len(even)), SHORT),
            ("clicks only", each["click"] / each["click"].sum(), SHORT),
            ("purchases only", each["purchase"] / each["purchase"].sum(), SHORT),
            ("all tasks, even, no logQ", even, replace(SHORT, log_q=False)),
            ("clicks only, no logQ", each["click"] / each["click"].sum(), replace(SHORT, log_q=False)),
            ("purchases only, no logQ", each["purchase"] / each["purchase"].sum(), replace(SHORT, log_q=False)),
        ):
            pairs = pairs_of(shelf, learned, share, recipe.batch)
            model = train(shelf, rows, replace(recipe, seed=seed), pairs, ngrams=ngrams)
            ngrams = model.ngrams
            results.add(variant, measured(of(model)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cache", type=Path)
    parser.add_argument("which", nargs="+", choices=("claims", "terms", "longer", "popularity", "tasks"))
    arguments = parser.parse_args()
    for which in arguments.which:
        if which == "claims":
            on_real_products(arguments.cache, "claims", CLAIMS, UNTRAINED)
        elif which == "terms":
            on_real_products(arguments.cache, "terms", TERMS, {})
        elif which == "longer":
            on_real_products(arguments.cache, "longer", LONGER, {})
        elif which == "popularity":
            popularity(arguments.cache)
        else:
            tasks(arguments.cache)


if __name__ == "__main__":
    main()
