"""Trains ItemSage on frozen vectors: minutes on a CPU. `python train.py CACHE itemsage.pt`.

First the n-grams learn the text tower's space from the texts alone, and stay; then the rest learns from (query,
product) pairs: another picture, in both picture encoders, and words. Three sampled softmaxes are summed, each with
the batch's negatives and with random ones.
"""

import argparse
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from dataset import Content, Shelf, build, content
from network import DIMENSIONS, Concatenation, ItemSage, Ngrams
from products import SHIP
from training.count_min import CountMinSketch
from training.sampled_softmax import same_pairs, sampled_softmax

QUERIES = ("unified", "look", "text")
INPUTS = ("pictures", "texts", "ngrams")
# Of a batch: sets differ in size by thirty, and no product should come much more than thirty times.
SHARES = {"magento": 0.08, "grocery": 0.05, "clothing": 0.3, "home-objects": 0.1, "outfits": 0.17, "showroom": 0.3}
MOST_PICTURES = 3  # of a product in training
NGRAM_RATE, NGRAM_BATCH = 0.01, 512
CONTRAST = 0.1  # of telling the batch's texts apart, beside the cosine


@dataclass
class Recipe:
    model: str = "transformer"  # or concatenation
    skip: bool = True
    inputs: tuple[str, ...] = INPUTS  # the others are zeros
    steps: int = 600
    batch: int = 256
    random: int = 128  # negatives drawn evenly from all products
    rate: float = 1e-3
    decay: float = 0.05
    temperature: float = 0.07
    penalty: float = 5.0  # on the square of what is added to the mixture
    losses: tuple[str, ...] = QUERIES
    weights: tuple[float, ...] = (0.5, 1.0, 2.5)  # of the losses, in the order of QUERIES
    negatives: tuple[str, ...] = ("batch", "random")
    log_q: bool = False  # of use where pairs come from people: here `SHARES` decides what is frequent
    missing_words: float = 0.1  # share of text queries whose words the product's texts lack
    missing_pictures: float = 0.2
    missing_texts: float = 0.05
    missing_field: float = 0.05
    ngram_steps: int = 400
    seed: int = 0


@dataclass
class Batch:
    """Pairs of a product and of what it answers; -1 where there is no such query."""

    rows: np.ndarray
    content: Content
    pictures: np.ndarray
    strings: np.ndarray
    wanted: list[tuple[int, ...]]


def shares(shelf: Shelf, rows: np.ndarray) -> np.ndarray:
    """How often each of these products is drawn; sums to 1."""
    sources = np.array([shelf.products[row].source for row in rows])
    weight = np.array([SHARES[source] / (sources == source).sum() for source in sources])
    return weight / weight.sum()


def drawn(shelf: Shelf, rows: np.ndarray, recipe: Recipe, draw: np.random.Generator) -> Batch:
    views, texts, queries, strings, wanted = [], [], [], [], []
    for row in rows:
        own, others = shelf.shown[row], shelf.others[row]
        query = others[draw.integers(len(others))]
        if len(own) > 1 and draw.random() < 0.5:
            query = own[draw.integers(len(own))]
        left = [view for view in own if view != query] or own
        count = draw.integers(1, min(MOST_PICTURES, len(left)) + 1)
        shown = list(draw.choice(left, count, replace=False))
        variant, asked = 0, shelf.asked[row]
        if asked:
            at = draw.integers(len(asked))
            string, _, values = asked[at]
            variant = 1 + at if draw.random() < recipe.missing_words else 0
        else:
            string, values = -1, ()
        fields = shelf.variants[row][variant].copy()
        fields[draw.random(len(fields)) < recipe.missing_field] = 0
        if draw.random() < recipe.missing_texts:
            fields[:] = 0
        elif fields.any() and draw.random() < recipe.missing_pictures:
            shown = []
        for store, value in zip((views, texts, queries, strings, wanted), (shown, fields, query, string, values)):
            store.append(value)
    return Batch(rows, content(shelf, views, np.stack(texts)), np.array(queries), np.array(strings), wanted)


def satisfied(shelf: Shelf, wanted: list[tuple[int, ...]], rows: np.ndarray) -> torch.Tensor:
    """bool [Q, N]: product n has all that query q wants; false for queries that want one product only."""
    result = torch.zeros(len(wanted), len(rows), dtype=torch.bool)
    has = shelf.has[rows]
    for at, values in enumerate(wanted):
        if values:
            result[at] = has[:, list(values)].all(1)
    return result


def pair_losses(
    shelf: Shelf, batch: Batch, products: torch.Tensor, others: np.ndarray, negatives: torch.Tensor, sketch, recipe
) -> torch.Tensor:
    """Sum over the kinds of query and of negative of the mean loss."""
    ids = torch.from_numpy(batch.rows)
    log_q = sketch.log_probability(ids) if recipe.log_q else None
    total = products.sum() * 0
    for kind in recipe.losses:
        asked = batch.strings if kind == "text" else batch.pictures
        kept = np.flatnonzero(asked >= 0)
        if len(kept) == 0:
            continue
        query_ids = torch.from_numpy(asked[kept])
        queries = {
            "text": lambda: shelf.texts[query_ids],
            "unified": lambda: shelf.pictures[query_ids, :DIMENSIONS],
            "look": lambda: shelf.pictures[query_ids, DIMENSIONS:],
        }[kind]()
        wanted = [batch.wanted[at] if kind == "text" else () for at in kept]
        own, rows = products[kept], batch.rows[kept]
        weight = recipe.weights[QUERIES.index(kind)]
        if "batch" in recipe.negatives:
            excluded = same_pairs(query_ids, ids[kept]) | satisfied(shelf, wanted, rows)
            both = None if log_q is None else (log_q[kept], log_q[kept])
            total = total + weight * sampled_softmax(queries, own, own, excluded, recipe.temperature, both).mean()
        if "random" in recipe.negatives:
            # Drawn evenly: Q is the same for all and cancels.
            excluded = (ids[kept][:, None] == torch.from_numpy(others)) | satisfied(shelf, wanted, others)
            total = total + weight * sampled_softmax(queries, own, negatives, excluded, recipe.temperature).mean()
    return total


def learn_ngrams(
    ngrams: Ngrams, shelf: Shelf, strings: np.ndarray, recipe: Recipe, draw: np.random.Generator, report: bool = False
) -> None:
    """Teaches the n-grams of texts to say what the text tower says of them."""
    optimiser = torch.optim.Adam(ngrams.parameters(), NGRAM_RATE)
    cosine = torch.zeros(())
    for step in range(recipe.ngram_steps):
        rows = draw.choice(strings, NGRAM_BATCH)
        target, ids = shelf.texts[rows], shelf.ngrams[rows]
        found = F.normalize(ngrams(ids[:, : int((ids != 0).sum(1).max())]), dim=1)
        same = torch.from_numpy(rows[:, None] == rows) & ~torch.eye(len(rows), dtype=torch.bool)
        logits = (found @ target.T / recipe.temperature).masked_fill(same, -torch.inf)
        cosine = (found * target).sum(1).mean()
        loss = 1 - cosine + CONTRAST * F.cross_entropy(logits, torch.arange(len(rows)))
        optimiser.param_groups[0]["lr"] = NGRAM_RATE * (1 - step / recipe.ngram_steps)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    if report:
        print(f"n-grams: cosine {cosine.item():.3f} to the text tower", flush=True)


def strings_of(shelf: Shelf, rows: np.ndarray) -> np.ndarray:
    """Texts and queries of these products, the empty one left out."""
    found = {int(one) for row in rows for one in shelf.variants[row].flatten()}
    found |= {string for row in rows for string, _, _ in shelf.asked[row]}
    return np.array(sorted(found - {0}))


def new_model(recipe: Recipe):
    if recipe.model == "concatenation":
        return Concatenation(recipe.skip)
    return ItemSage(recipe.skip)


def seen(one: Content, inputs: tuple[str, ...]) -> Content:
    """The content with zeros for what a model does not get."""
    return Content(**{name: value if name in inputs else value * 0 for name, value in vars(one).items()})


def train(
    shelf: Shelf,
    rows: np.ndarray,
    recipe: Recipe,
    pairs: Callable[[np.random.Generator], Batch] | None = None,
    chance: np.ndarray | None = None,
    ngrams: Ngrams | None = None,
    report: bool = False,
):
    """A model that has seen these products only. `pairs` draws batches; else products are drawn by `chance` [N].

    `ngrams`: those that another model learned from the same texts.
    """
    torch.manual_seed(recipe.seed)
    draw = np.random.default_rng(recipe.seed)
    model = new_model(recipe)
    if ngrams is not None:
        model.ngrams.load_state_dict(ngrams.state_dict())
    elif "ngrams" in recipe.inputs:
        learn_ngrams(model.ngrams, shelf, strings_of(shelf, rows), recipe, draw, report)
    model.ngrams.requires_grad_(False)
    shelf = replace(shelf, ngrams=model.ngrams(shelf.ngrams))
    # The mixture's maps start at the identity, and decay would pull them to zero.
    free = {id(one) for one in model.mixture.parameters()}
    learning = [one for one in model.parameters() if one.requires_grad]
    decayed = [one for one in learning if one.ndim > 1 and id(one) not in free]
    plain = [one for one in learning if one.ndim < 2 or id(one) in free]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": recipe.decay}, {"params": plain, "weight_decay": 0.0}], recipe.rate
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=recipe.steps, pct_start=0.1)
    sketch, losses = CountMinSketch(), []
    if pairs is None and chance is None:
        chance = shares(shelf, rows)
    model.train()
    for step in range(recipe.steps):
        if pairs is None:
            batch = drawn(shelf, draw.choice(rows, recipe.batch, p=chance), recipe, draw)
        else:
            batch = pairs(draw)
        sketch.add(torch.from_numpy(batch.rows))
        others = draw.choice(rows, recipe.random)
        extra = drawn(shelf, others, replace(recipe, missing_pictures=0.0), draw).content
        products, added = embed(model, seen(batch.content, recipe.inputs))
        negatives, _ = embed(model, seen(extra, recipe.inputs))
        loss = pair_losses(shelf, batch, products, others, negatives, sketch, recipe)
        loss = loss + recipe.penalty * added.square().sum(1).mean() * recipe.skip
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if report and (step + 1) % 50 == 0:
            norm = added.detach().norm(dim=1).mean().item()
            print(f"step {step + 1}: loss {np.mean(losses[-50:]):.3f}, added {norm:.3f}", flush=True)
    return model.eval()


def embed(model, one: Content) -> tuple[torch.Tensor, torch.Tensor]:
    """Unit vectors [N, 256], and what the network added to the mixture."""
    added = model.correction(one.pictures, one.texts, one.ngrams)
    total = added + model.mixture(one.pictures, one.texts) if model.skip else added
    return F.normalize(total, dim=1), added


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cache", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--steps", type=int, default=Recipe.steps)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    shelf = build(SHIP, arguments.cache)
    recipe = Recipe(steps=arguments.steps, seed=arguments.seed)
    model = train(shelf, shelf.rows(*SHIP, held_out=False), recipe, report=True)
    torch.save({"state": model.state_dict(), "recipe": asdict(recipe)}, arguments.output)


if __name__ == "__main__":
    main()
