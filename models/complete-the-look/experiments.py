"""The comparisons of the model card: `python experiments.py $PACK/int8` writes `results/claims.json`.

Cross-validation over the outfit photographs in three folds: fold k is tested by a model of seed k that was trained on
the other two, so that every photograph is tested once and the spread over folds is the spread over seeds and splits.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

import baselines
from dataset import FOLDS, Pairs, load
from metrics import compare, interval, summary
from train import Recipe, products, queries, train

HERE = Path(__file__).parent
CUTOUT, BOX, CHANGED = 0, 1, 2  # views of products
TESTS = {
    "main": ("scene", CUTOUT),
    "changed products": ("scene", CHANGED),
    "boxes": ("scene", BOX),
    "whole scenes": ("whole", CUTOUT),
}
Scores = Callable[[np.ndarray, str, int], np.ndarray]  # (rows, scene kind, product view) -> [n, n]


def head(data: Pairs, rows: np.ndarray, recipe: Recipe) -> Scores:
    model = train(data, rows, recipe)
    return lambda test, scene, view: queries(model, data, test, scene) @ products(model, data, test, view).T


def wide_head(data: Pairs, rows: np.ndarray, recipe: Recipe) -> Scores:
    """Global compatibility on the 1280 pooled features behind the backbone's head convolution."""
    wide = replace(data, pooled={kind: data.features(kind, "features") for kind in data.pooled})
    return head(wide, rows, replace(recipe, mode="global"))


def siamese(data: Pairs, rows: np.ndarray, recipe: Recipe) -> Scores:
    layer = baselines.siamese(data, rows, recipe)

    def embed(kind: str, view: int, test: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return baselines.unit(layer(torch.from_numpy(baselines.vectors(data, kind, "pooled", view, test))).numpy())

    return lambda test, scene, view: embed(scene, 0, test) @ embed("product", view, test).T


def raw(data: Pairs, name: str) -> Scores:
    unit = lambda kind, view, test: baselines.unit(baselines.vectors(data, kind, name, view, test))  # noqa: E731
    return lambda test, scene, view: unit(scene, 0, test) @ unit("product", view, test).T


def popular(data: Pairs, rows: np.ndarray) -> Scores:
    return lambda test, scene, view: np.tile(baselines.popularity(data, rows, test), (len(test), 1))


def models(data: Pairs, recipe: Recipe) -> dict[str, Callable[[np.ndarray, Recipe], Scores]]:
    return {
        "popularity": lambda rows, _: popular(data, rows),
        **{f"raw: {name}": lambda rows, _, name=name: raw(data, name) for name in baselines.RAW},
        "siamese": lambda rows, one: siamese(data, rows, one),
        "global": lambda rows, one: head(data, rows, replace(one, mode="global")),
        "full": lambda rows, one: head(data, rows, one),
        "uniform": lambda rows, one: head(data, rows, replace(one, mode="uniform")),
        "local": lambda rows, one: head(data, rows, replace(one, mode="local")),
        "full, trained on whole scenes": lambda rows, one: head(data, rows, replace(one, scene="whole")),
        "global, 1280 channels": lambda rows, one: wide_head(data, rows, one),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("features", type=Path)
    parser.add_argument("--only", nargs="*", help="models to run; figures of the others are kept")
    arguments = parser.parse_args()
    data = load(arguments.features)
    outfits, folds = np.flatnonzero(data.outfit), data.fold(0)
    store = arguments.features / "claims"
    store.mkdir(exist_ok=True)
    for name, make in models(data, Recipe()).items():
        if arguments.only is not None and name not in arguments.only:
            continue
        found = {}
        for fold in range(FOLDS):
            scores = make(outfits[folds[outfits] != fold], Recipe(seed=fold))
            test = outfits[folds[outfits] == fold]
            for label, (scene, view) in TESTS.items():
                one = compare(lambda rows: scores(rows, scene, view), data.category, data.photo, test)
                for part, values in one.items():
                    found[f"{name}|{label}|{fold}|{part}"] = values
            figures = summary(one_of(found, name, "main", [fold]), data.category, data.photo)
            print(name, fold, json.dumps(figures), flush=True)
        np.savez(store / f"{name}.npz", **found)
    done = [store / f"{name}.npz" for name in models(data, Recipe())]
    write({key: values for path in done if path.exists() for key, values in np.load(path).items()}, data)


def one_of(found: dict[str, np.ndarray], name: str, label: str, folds: list[int]) -> dict[str, np.ndarray]:
    parts = ("row", "binary", "rank", "rivals")
    return {part: np.concatenate([found[f"{name}|{label}|{fold}|{part}"] for fold in folds]) for part in parts}


def write(found: dict[str, np.ndarray], data: Pairs) -> None:
    """results/claims.json: model -> test -> figures of all folds, of each fold, and of `full` minus the model."""
    result = {"backbone": data.backbone, "photographs": len(set(data.photo[data.outfit])), "models": {}}
    for name in dict.fromkeys(key.split("|")[0] for key in found):
        folds = sorted({int(key.split("|")[2]) for key in found if key.split("|")[0] == name})
        result["models"][name] = {}
        for label in TESTS:
            whole = one_of(found, name, label, folds)
            figures = summary(whole, data.category, data.photo)
            figures["folds"] = [
                summary(one_of(found, name, label, [fold]), data.category, data.photo)["binary"] for fold in folds
            ]
            if any(key.startswith("full|") for key in found) and name != "full":
                full = one_of(found, "full", label, folds)
                gain = 100 * (full["binary"] - whole["binary"])
                low, high = interval(gain, data.photo[full["row"]])
                figures["full_gains"] = [round(float(value), 2) for value in (gain.mean(), low, high)]
            if name == "full":
                figures["categories"] = {
                    data.categories[kind]: round(
                        100 * float(whole["binary"][data.category[whole["row"]] == kind].mean()), 1
                    )
                    for kind in np.unique(data.category[whole["row"]])
                }
            result["models"][name][label] = figures
    path = HERE / "results" / "claims.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
