"""The category of a picture from its unified embedding: `python category_head.py $PACK`.

Multinomial logistic regression on the 256-d vector of the int8 graph. It gives a catalogue item its category when the
seller did not say. Trained on labelled pictures and boxes of sets whose weights may be shipped; held out: clothing by
sender, boxes by their sets' own split, magento by product, as the backbone held them out. Writes
`category-head.json`: weights [C, 256] and bias [C] as base64 of little-endian float32, the accuracy, and what
a least probability costs and brings.
"""

import argparse
import base64
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from backbone import BATCH, MODELS, Backbone, revision

sys.path.append(str(MODELS / "unified-embedding"))

from tasks import held_out_sender, held_out_sku
from training.look_categories import CATEGORIES, category
from training.shards import Picture, crops, pictures, pixels

HERE = Path(__file__).parent
SHIPPED = ("clothing", "clothing-co-parsing", "home-objects", "magento")
EVALUATED = ("fashion-products", "ikea", "coco-mini")
SMALLEST_BOX = 0.004  # of the picture
LARGEST_SHARE = 2000  # pictures of one category count as this many at most, so that tops do not rule
STEPS, RATE = 600, 0.05
DECAYS = (1e-5, 1e-4, 1e-3)
LEAST = (0.0, 0.3, 0.5, 0.7, 0.9)  # probabilities below which the head does not answer


def items(source: str) -> list[Picture]:
    if source in ("clothing-co-parsing", "home-objects", "coco-mini"):
        return crops(source, smallest=SMALLEST_BOX)
    return [item for item in pictures(source) if item.row["split"] != "room"]


def held_out(item: Picture) -> bool:
    if item.source == "clothing":
        return held_out_sender(item.row)
    if item.source == "magento":
        return held_out_sku(item.row["sku"])
    return item.row["split"] == "val"


def vectors(pack: Path, source: str, network: Backbone | None) -> np.ndarray:
    """Embeddings [N, 256] of a set, cached."""
    path = pack / f"category.{source}.npy"
    if not path.exists():
        found = items(source)
        batches = [found[at : at + BATCH] for at in range(0, len(found), BATCH)]
        np.save(
            path,
            np.concatenate([network.run(np.stack([pixels(item, 224) for item in one])).embedding for one in batches]),
        )
    return np.load(path).astype(np.float32)


def fit(x: np.ndarray, y: np.ndarray, count: int, decay: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights [C, 256] and bias [C]; full batches, cross entropy weighted against large categories."""
    size = np.bincount(y, minlength=count)
    weight = torch.from_numpy(np.minimum(1, LARGEST_SHARE / np.maximum(size, 1)) ** 0.5).float()
    layer = torch.nn.Linear(x.shape[1], count)
    torch.nn.init.zeros_(layer.weight)
    optimiser = torch.optim.Adam(layer.parameters(), RATE)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - step / STEPS)
        loss = F.cross_entropy(layer(inputs), targets, weight) + decay * layer.weight.square().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return layer.weight.detach().numpy(), layer.bias.detach().numpy()


def probabilities(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    logits = x @ weight.T + bias
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def accuracy(p: np.ndarray, y: np.ndarray, names: list[str]) -> dict:
    """Percent right, of all and of each category; y is -1 where the picture belongs to no category of the head."""
    known = y >= 0
    right, sure = p.argmax(1) == y, p.max(1)
    percent = lambda part: round(100 * float(part.mean()), 1) if part.size else None  # noqa: E731
    return {
        "pictures": int(known.sum()),
        "accuracy": percent(right[known]),
        "categories": {names[k]: [percent(right[y == k]), int((y == k).sum())] for k in np.unique(y[known])},
        "macro": round(float(np.mean([100 * right[y == k].mean() for k in np.unique(y[known])])), 1),
        "foreign": int((~known).sum()),
        "least probability": {
            str(least): {
                "answered": percent(sure[known] >= least),
                "right of answered": percent(right[known & (sure >= least)]),
                "foreign answered": percent(sure[~known] >= least),
            }
            for least in LEAST
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    pack = parser.parse_args().pack
    network = Backbone("int8")
    everything = {source: (items(source), vectors(pack, source, network)) for source in (*SHIPPED, *EVALUATED)}
    present = {category(source, item.label) for source in SHIPPED for item in everything[source][0]}
    names = [name for name in CATEGORIES if name in present]

    def targets(source: str) -> np.ndarray:
        labels = [category(source, item.label) for item in everything[source][0]]
        return np.array([names.index(label) if label in names else -1 for label in labels])

    kept = {source: np.array([held_out(item) for item in everything[source][0]]) for source in SHIPPED}
    x = np.concatenate([everything[source][1][~kept[source]] for source in SHIPPED])
    y = np.concatenate([targets(source)[~kept[source]] for source in SHIPPED])
    x, y = x[y >= 0], y[y >= 0]
    inner = np.random.default_rng(0).random(len(y)) < 0.2  # chooses the decay, within the training pictures
    scored = {
        decay: float(
            (probabilities(x[inner], *fit(x[~inner], y[~inner], len(names), decay)).argmax(1) == y[inner]).mean()
        )
        for decay in DECAYS
    }
    decay = max(scored, key=scored.get)
    weight, bias = fit(x, y, len(names), decay)
    tested = {
        f"{source}, held out": accuracy(
            probabilities(everything[source][1][kept[source]], weight, bias), targets(source)[kept[source]], names
        )
        for source in SHIPPED
    }
    tested |= {
        source: accuracy(probabilities(everything[source][1], weight, bias), targets(source), names)
        for source in EVALUATED
    }
    encode = lambda values: base64.b64encode(values.astype("<f4").tobytes()).decode()  # noqa: E731
    result = {
        "backbone": f"unified-embedding@{revision()}",
        "categories": names,
        "dimensions": x.shape[1],
        "weight": encode(weight),
        "bias": encode(bias),
        "training": {"pictures": len(y), "decay": decay, "sets": list(SHIPPED)},
        "held_out": tested,
    }
    path = HERE / "category-head.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")
    for name, one in tested.items():
        print(name, json.dumps(one))
    print(path.stat().st_size, "bytes", scored)


if __name__ == "__main__":
    main()
