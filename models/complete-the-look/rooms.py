"""The same method on rooms: `python rooms.py $PACK` writes `results/rooms.json`. For the model card only.

Room photographs and the products in them (ikea, evaluation only: nothing trained here is shipped). The set has no
boxes, so the product stays in the picture. Three folds by room; test pairs whose product also stands in a training
room are left out. Trained against products of the same category (or of none); tested against the same product type.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from baselines import unit
from dataset import FOLDS, Pairs
from evaluate import HERE, looked_at, rooms
from metrics import compare, summary
from pairs import bucket
from train import Recipe, products, queries, train

OTHER = "other"


def as_pairs(pack: Path) -> tuple[Pairs, np.ndarray, np.ndarray]:
    """(pairs with whole scenes only, product of each pair, product type of each pair)."""
    links, items = rooms()
    seen = looked_at(pack, "ikea", items)["map"]
    scene, product = (np.array([link[k] for link in links]) for k in (0, 1))
    used = np.unique(scene)
    categories = sorted({link[3] or OTHER for link in links})
    types = sorted({link[2] for link in links})
    pooled = seen.astype(np.float32).mean(1)
    data = Pairs(
        folder=pack,
        backbone="",
        categories=categories,
        category=np.array([categories.index(link[3] or OTHER) for link in links]),
        photo=np.searchsorted(used, scene),
        photos=[items[index].file for index in used],
        label=[link[2] for link in links],
        outfit=np.zeros(len(links), bool),
        held_out=np.zeros(len(links), bool),
        maps={"whole": seen[used][None]},
        pooled={"whole": pooled[used][None], "product": pooled[product][None]},
    )
    return data, product, np.array([types.index(link[2]) for link in links])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    data, product, kinds = as_pairs(parser.parse_args().pack)
    folds = np.array([bucket(f"room {name}", FOLDS) for name in data.photos])[data.photo]
    found: dict[str, list[dict]] = {}
    for fold in range(FOLDS):
        learned = np.flatnonzero(folds != fold)
        tested = np.flatnonzero((folds == fold) & ~np.isin(product, product[learned]))
        raw = unit(data.pooled["whole"][0, data.photo]), unit(data.pooled["product"][0])
        answers = {"raw": raw}
        for mode in ("global", "full"):
            model = train(data, learned, Recipe(mode=mode, scene="whole", seed=fold))
            rows = np.arange(len(product))
            answers[mode] = queries(model, data, rows, "whole"), products(model, data, rows)
        for name, (asked, shown) in answers.items():
            found.setdefault(name, []).append(
                compare(lambda rows, a=asked, b=shown: a[rows] @ b[rows].T, kinds, data.photo, tested, product)
            )
    result = {
        name: summary({part: np.concatenate([one[part] for one in parts]) for part in parts[0]}, kinds, data.photo)
        for name, parts in found.items()
    }
    (HERE / "results" / "rooms.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
