"""Computes the backbone's features of all views of all pairs once: `python features.py $PACK`.

$PACK/<precision>/ gets `pairs.json` and, as float16, for scenes, whole scenes and products `<kind>.map.npy`
[views, N, 49, 320] (not of products), its mean `<kind>.pooled.npy` [views, N, 320], `<kind>.features.npy`
[views, N, 1280] and `<kind>.embedding.npy` [views, N, 256]. View 0 is unchanged; for products view 0 is cut out,
view 1 the plain box; the rest are changed at random, seeded by the pair.
"""

import argparse
import json
import multiprocessing
import random
from pathlib import Path

import numpy as np

from backbone import BATCH, CHANNELS, DIMENSIONS, FEATURES, REGIONS, Backbone, revision
from pairs import OUTFITS, ROOMS, Pair, pairs
from views import changed_product_view, product_view, scene_view

CHANGED_VIEWS = 3


def jobs(found: list[Pair], changed: int) -> list[tuple[str, int, int, Pair]]:
    """(kind, view, index, pair) of every picture to look at."""
    photos = {pair.photo: pair for pair in reversed(found)}
    whole = [photos[name] for name in sorted(photos)]
    result = [("scene", view, index, pair) for view in range(1 + changed) for index, pair in enumerate(found)]
    result += [("whole", view, index, pair) for view in range(1 + changed) for index, pair in enumerate(whole)]
    return result + [("product", view, index, pair) for view in range(2 + changed) for index, pair in enumerate(found)]


def look(kind: str, view: int, pair: Pair) -> np.ndarray:
    draw = random.Random(f"{kind} {view} {pair.photo} {pair.product.label}")
    if kind == "product":
        return product_view(pair, view == 0) if view < 2 else changed_product_view(pair, draw)
    return scene_view(pair, kind == "scene", draw if view else None)


def compute(folder: Path, found: list[Pair], changed: int, precision: str, workers: int) -> None:
    work = jobs(found, changed)
    shapes = {}
    for kind in ("scene", "whole", "product"):
        views = 1 + max(job[1] for job in work if job[0] == kind)
        count = 1 + max(job[2] for job in work if job[0] == kind)
        if kind != "product":
            shapes[f"{kind}.map"] = (views, count, REGIONS, CHANNELS)
        shapes[f"{kind}.pooled"] = (views, count, CHANNELS)
        shapes[f"{kind}.features"] = (views, count, FEATURES)
        shapes[f"{kind}.embedding"] = (views, count, DIMENSIONS)
    arrays = {
        name: np.lib.format.open_memmap(folder / f"{name}.npy", mode="w+", dtype=np.float16, shape=shape)
        for name, shape in shapes.items()
    }

    def share(number: int) -> None:
        network = Backbone(precision)
        mine = work[number::workers]
        for at in range(0, len(mine), BATCH):
            batch = mine[at : at + BATCH]
            answer = network.run(np.stack([look(kind, view, pair) for kind, view, _, pair in batch]))
            for row, (kind, view, index, _) in enumerate(batch):
                if kind != "product":
                    arrays[f"{kind}.map"][view, index] = answer.map[row]
                arrays[f"{kind}.pooled"][view, index] = answer.map[row].mean(0)
                arrays[f"{kind}.features"][view, index] = answer.features[row]
                arrays[f"{kind}.embedding"][view, index] = answer.embedding[row]

    crew = [multiprocessing.get_context("fork").Process(target=share, args=(number,)) for number in range(workers)]
    for process in crew:
        process.start()
    for process in crew:
        process.join()
        if process.exitcode:
            raise RuntimeError(f"a worker ended with code {process.exitcode}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("--precision", default="int8", choices=("int8", "fp32"))
    parser.add_argument("--changed", type=int, default=CHANGED_VIEWS, help="changed views of each picture")
    parser.add_argument("--splits", nargs="*", help="train, val; all unless given")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    folder = arguments.pack / arguments.precision
    folder.mkdir(parents=True, exist_ok=True)
    splits = None if arguments.splits is None else set(arguments.splits)
    found = [*pairs(OUTFITS, splits), *pairs(ROOMS, splits)]
    whole = {name: index for index, name in enumerate(sorted({pair.photo for pair in found}))}
    about = [
        {
            "photo": pair.photo,
            "whole": whole[pair.photo],
            "source": pair.scene.source,
            "split": pair.scene.row["split"],
            "label": pair.product.label,
            "category": pair.category,
        }
        for pair in found
    ]
    compute(folder, found, arguments.changed, arguments.precision, arguments.workers)
    (folder / "pairs.json").write_text(json.dumps({"backbone": revision(), "pairs": about}))
    print(f"{folder}: {len(found)} pairs of {len(whole)} photographs, {len(jobs(found, arguments.changed))} views")


if __name__ == "__main__":
    main()
