"""Measures the shipped ONNX head: `python evaluate.py $PACK` writes `results/shipped.json` and the manifest's metrics.

* Held-out outfits and home objects (the sets' own validation parts, seen by neither the backbone nor the head), on the
  int8 map that the edge computes and on the fp32 map (if `features.py --precision fp32` was run).
* Two sets that the head never saw, for evaluation only: rooms and their products (ikea; the product stays in the
  picture, which has no boxes), and products that a shop links as related (magento). The head has no category
  for most furniture: such a query is the mean over its categories.

Beside each: raw cosines of the pooled map and of the 256-d embedding.
"""

import argparse
import csv
import hashlib
import json
from pathlib import Path

import numpy as np

from backbone import BATCH, CHANNELS, Backbone
from baselines import unit
from dataset import Pairs, load
from export import COLUMNS, HERE, NAME, ROWS, read_manifest, session, write_metrics
from metrics import compare, summary
from training.look_categories import category
from training.shards import Picture, data_folder, pictures, pixels


class Head:
    """The shipped graph."""

    def __init__(self):
        self.path = HERE / f"{NAME}.fp32.onnx"
        self.session = session(self.path)
        self.categories = read_manifest()["compatibility"]["categories"]

    def run(self, output: str, maps: np.ndarray) -> np.ndarray:
        """maps [n, 49, 320] -> one output."""
        return np.concatenate(
            [
                self.session.run(
                    [output], {"map": maps[at : at + 64].astype(np.float32).reshape(-1, ROWS, COLUMNS, CHANNELS)}
                )[0]
                for at in range(0, len(maps), 64)
            ]
        )

    def products(self, pooled: np.ndarray) -> np.ndarray:
        """Mean maps [n, 320] -> f_p [n, 128]: a map of 49 equal regions has this mean."""
        return self.run("product", np.repeat(pooled[:, None], ROWS * COLUMNS, 1))


def figures(scores, kinds: np.ndarray, photo: np.ndarray, rows: np.ndarray, product: np.ndarray | None = None) -> dict:
    return summary(compare(scores, kinds, photo, rows, product), kinds, photo)


def held_out(head: Head, data: Pairs, rows: np.ndarray) -> dict:
    """Figures of the head and of raw features for these pairs."""
    place = {row: at for at, row in enumerate(rows)}
    queries = head.run("queries", data.maps["scene"][0, rows])
    products = head.products(data.pooled["product"][0, rows])
    own = np.array([head.categories.index(data.categories[kind]) for kind in data.category[rows]])
    queries = queries[np.arange(len(rows)), own]
    at = lambda some: [place[row] for row in some]  # noqa: E731
    result = {"head": figures(lambda some: queries[at(some)] @ products[at(some)].T, data.category, data.photo, rows)}
    for name in ("pooled", "embedding"):
        scenes = unit(data.features("scene", name)[0, rows])
        shown = unit(data.features("product", name)[0, rows])
        result[f"raw {name}"] = figures(
            lambda some: scenes[at(some)] @ shown[at(some)].T, data.category, data.photo, rows
        )
    return result


def looked_at(pack: Path, source: str, items: list[Picture]) -> dict[str, np.ndarray]:
    """Map [N, 49, 320] and embedding [N, 256] of whole pictures on the int8 graph, cached."""
    path = pack / f"pictures.{source}.npz"
    if not path.exists():
        network, answers = Backbone("int8"), []
        for at in range(0, len(items), BATCH):
            answers.append(network.run(np.stack([pixels(item, 224) for item in items[at : at + BATCH]])))
        maps = np.concatenate([one.map for one in answers]).astype(np.float16)
        np.savez(path, map=maps, embedding=np.concatenate([one.embedding for one in answers]))
    return dict(np.load(path))


def elsewhere(
    head: Head, pack: Path, source: str, links: list[tuple[int, int, str, str]], items: list[Picture]
) -> dict:
    """`links`: (scene, product, group of rivals, category) as indices of `items`."""
    seen = looked_at(pack, source, items)
    scene, product = (np.array([link[k] for link in links]) for k in (0, 1))
    groups = sorted({link[2] for link in links})
    kinds = np.array([groups.index(link[2]) for link in links])
    used = np.unique(scene)
    place = np.searchsorted(used, scene)
    queries = head.run("queries", seen["map"][used])
    own = [
        queries[p, head.categories.index(link[3])] if link[3] in head.categories else queries[p].mean(0)
        for p, link in zip(place, links)
    ]
    own, products = np.stack(own), head.run("product", seen["map"][product])
    pooled, embedding = unit(seen["map"].astype(np.float32).mean(1)), unit(seen["embedding"])
    rows = np.arange(len(links))
    return {
        "head": figures(lambda some: own[some] @ products[some].T, kinds, scene, rows, product),
        "raw pooled": figures(lambda some: pooled[scene[some]] @ pooled[product[some]].T, kinds, scene, rows, product),
        "raw embedding": figures(
            lambda some: embedding[scene[some]] @ embedding[product[some]].T, kinds, scene, rows, product
        ),
    }


def rooms() -> tuple[list[tuple[int, int, str, str]], list[Picture]]:
    items = pictures("ikea")
    index = {item.file: number for number, item in enumerate(items)}
    with open(data_folder() / "images" / "ikea" / "pairs.csv", encoding="utf8", newline="") as file:
        found = [(row["room"], row["product"]) for row in csv.DictReader(file)]
    links = []
    for room, product in found:
        if room in index and product in index:
            kind = items[index[product]].label
            links.append((index[room], index[product], kind, category("ikea", kind) or ""))
    return links, items


def related() -> tuple[list[tuple[int, int, str, str]], list[Picture]]:
    """Linked products of different categories, each by its main picture."""
    items = [item for item in pictures("magento") if item.row["view"] == "main" and item.row["sku"]]
    index = {item.row["sku"]: number for number, item in enumerate(items)}
    links = []
    with open(data_folder() / "images" / "magento" / "links.csv", encoding="utf8", newline="") as file:
        for row in csv.DictReader(file):
            one, other = index.get(row["sku"]), index.get(row["linked_sku"])
            if one is None or other is None:
                continue
            kinds = [category("magento", items[number].label) for number in (one, other)]
            if row["kind"] == "related" and kinds[1] and kinds[0] != kinds[1]:
                links.append((one, other, kinds[1], kinds[1]))
    return sorted(set(links)), items


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    pack, head = parser.parse_args().pack, Head()
    result = {"sha256": hashlib.sha256(head.path.read_bytes()).hexdigest()}
    for precision in ("int8", "fp32"):
        if not (pack / precision / "pairs.json").exists():
            continue
        data = load(pack / precision)
        for name, outfit in (("outfits", True), ("home objects", False)):
            rows = np.flatnonzero(data.held_out & (data.outfit == outfit))
            result[f"{name}, {precision} map"] = held_out(head, data, rows)
    result["ikea"] = elsewhere(head, pack, "ikea", *rooms())
    result["magento"] = elsewhere(head, pack, "magento", *related())
    for name, one in result.items():
        print(name, json.dumps(one))
    outfits = result["outfits, int8 map"]
    result["metrics"] = {
        "binary_accuracy_outfits_int8": outfits["head"]["binary"],
        "binary_accuracy_outfits_raw_features": outfits["raw pooled"]["binary"],
        "top10_outfits_int8": outfits["head"]["top10"],
    }
    (HERE / "results" / "shipped.json").write_text(json.dumps(result, indent=2) + "\n")
    write_metrics(result["metrics"])


if __name__ == "__main__":
    main()
