"""Logs of simulated people over the showroom: who searched by a picture or by words, and what they did with it.

A simulation, seeded: nobody's behaviour. People have tastes in styles and colours and a budget. They look for a
product, see a slate of what fits the query, and click, save, add to their cart and buy, each step rarer than the one
before and each with reasons of its own: clicks follow the query and the taste, purchases also the price and how well
a thing is made. Used to test learning from several kinds of action, and popularity; it says nothing of real shops.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dataset import Shelf

TASKS = ("click", "save", "cart", "purchase")
SLATE = 24
MATCH = {"category": 4.0, "colour": 1.0, "style": 0.8, "material": 0.6}  # what makes a product fit the query
POPULAR = 0.9  # exponent of the popularity of what people look for


@dataclass
class Log:
    """One row an action. `pictures` and `strings`: rows of the shelf's tables, -1 where that was not the query."""

    tasks: np.ndarray
    products: np.ndarray
    pictures: np.ndarray
    strings: np.ndarray
    sessions: np.ndarray

    def of(self, chosen: np.ndarray) -> "Log":
        return Log(**{name: value[chosen] for name, value in vars(self).items()})


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def details(cache: Path, shelf: Shelf, rows: np.ndarray) -> list[dict]:
    """What the generator says of each product."""
    lines = [
        json.loads(line)
        for folder in ("drawn", "showroom")
        for line in (cache / folder / "products.jsonl").read_text(encoding="utf8").splitlines()
    ]
    by_id = {line["id"]: line for line in lines}
    return [by_id[shelf.products[row].id] for row in rows]


def simulate(shelf: Shelf, rows: np.ndarray, cache: Path, sessions: int, seed: int = 0) -> Log:
    """`rows`: products of the showroom. Queries of a session are its target's other picture or one of its queries."""
    draw = np.random.default_rng(seed)
    about = details(cache, shelf, rows)
    codes = {key: np.unique([one[key] for one in about], return_inverse=True)[1] for key in ("style", "category")}
    for key in ("colour", "material"):
        codes[key] = np.unique([one["attributes"][key] for one in about], return_inverse=True)[1]
    price = np.log([one["price"] for one in about])
    for category in np.unique(codes["category"]):
        alike = codes["category"] == category
        price[alike] = (price[alike] - price[alike].mean()) / (price[alike].std() + 1e-6)
    made = draw.normal(size=codes["material"].max() + 1)[codes["material"]] + 0.5 * draw.normal(size=len(rows))
    wanted = (1 + np.arange(len(rows))) ** -POPULAR
    wanted = draw.permutation(wanted / wanted.sum())

    columns: dict[str, list[int]] = {name: [] for name in ("tasks", "products", "pictures", "strings", "sessions")}
    for session in range(sessions):
        target = draw.choice(len(rows), p=wanted)
        taste = draw.normal(size=codes["style"].max() + 1)[codes["style"]]
        taste = taste + draw.normal(size=codes["colour"].max() + 1)[codes["colour"]]
        budget = draw.normal()
        alike = sum((codes[key] == codes[key][target]) * weight for key, weight in MATCH.items())
        alike = alike + 2.0 * (np.arange(len(rows)) == target)
        slate = np.argsort(-(alike + 0.5 * np.log(wanted * len(rows)) + draw.gumbel(size=len(rows))))[:SLATE]
        seen = 0.9 ** np.arange(SLATE)
        chance = sigmoid(1.2 * alike[slate] + 0.5 * taste[slate] - 6.0) * seen
        fit = -((price[slate] - budget) ** 2)
        steps = [
            chance,
            sigmoid(taste[slate] - 1.5),
            sigmoid(made[slate] + 0.5 * fit - 2.0),
            sigmoid(1.5 * made[slate] + fit - 1.5),
        ]
        clicked = draw.random(SLATE) < steps[0]
        saved = clicked & (draw.random(SLATE) < steps[1])
        carted = clicked & (draw.random(SLATE) < steps[2])
        bought = carted & (draw.random(SLATE) < steps[3])
        asked = shelf.asked[rows[target]]
        by_picture = draw.random() < 0.5 or not asked
        picture = shelf.others[rows[target]][-1] if by_picture else -1
        string = -1 if by_picture else asked[draw.integers(len(asked))][0]
        for task, done in enumerate((clicked, saved, carted, bought)):
            for place in slate[done]:
                for name, value in zip(columns, (task, rows[place], picture, string, session)):
                    columns[name].append(value)
    return Log(**{name: np.array(values) for name, values in columns.items()})
