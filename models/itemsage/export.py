"""Writes the shipped files of a trained model: `python export.py CACHE itemsage.pt`.

itemsage.fp32.onnx, manifest.json, results/parity.json (graph against PyTorch), and test/fixtures/itemsage.json: items
with the vectors that the graph gives them, for the product's own test.
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from dataset import Content, Shelf, build, content
from features import pinned
from graph import item_graph
from network import DIMENSIONS, PICTURE, PICTURES, ItemSage
from paths import HERE, RESULTS, ROOT
from products import FIELDS, SHIP
from training.manifest import file_entry, revision
from training.ngrams import MAX_NGRAMS

NAME = "itemsage"
DESCRIPTION = "One vector for an item's pictures and texts, found by queries in pictures and in words."
SOURCES = [
    "magento/magento2-sample-data@53807565ba9f",
    "marcusklasson/GroceryStoreDataset@fc80ba90f803",
    "alexeygrigorev/clothing-dataset@7ed86a9cc567",
    "Arka-h/pot-curtain-toaster-object-detection-classes-dataset@b9ceea73aa12",
    "bearpaw/clothing-co-parsing@fe34fb77721a",
    "showroom products, drawn by scripts/draw-products.ts",
]
FIXTURE_ITEMS = 6


def read_model(path: Path) -> ItemSage:
    saved = torch.load(path, weights_only=True)
    model = ItemSage(saved["recipe"]["skip"])
    model.load_state_dict(saved["state"])
    return model.eval()


def write_manifest(path: Path, metrics: dict) -> dict:
    fields = len(FIELDS)
    manifest = {
        "name": NAME,
        "revision": "",
        "task": "item-embedding",
        "description": DESCRIPTION,
        "license": "Apache-2.0",
        "source": "trained from scratch on vectors of unified-embedding, pinclip and pinclip-text",
        "inputs": [
            {"name": "pictures", "datatype": "FP32", "shape": [-1, PICTURES, PICTURE]},
            {"name": "texts", "datatype": "FP32", "shape": [-1, fields, DIMENSIONS]},
            {"name": "ngrams", "datatype": "INT32", "shape": [-1, fields, MAX_NGRAMS]},
        ],
        "item": {
            "encoders": {
                "unified": pinned("unified-embedding"),
                "pinclip": pinned("pinclip"),
                "text": pinned("pinclip-text"),
            },
            "fields": list(FIELDS),
            "max_pictures": PICTURES,
            "ngrams": MAX_NGRAMS,
        },
        "output": {
            "name": "embedding",
            "datatype": "FP32",
            "shape": [-1, DIMENSIONS],
            "dimensions": DIMENSIONS,
            "prefixes": [],
            "normalized": True,
        },
        "files": {"fp32": file_entry(path)},
        "training": {"data": SOURCES, "recipe": f"models/{NAME}/train.py"},
        "metrics": metrics,
    }
    manifest["revision"] = revision(manifest)
    save_manifest(manifest)
    return manifest


def save_manifest(manifest: dict) -> None:
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")


def padded(one: Content) -> dict[str, np.ndarray]:
    """The graph's inputs: as many pictures and n-grams as it takes."""
    pictures = torch.nn.functional.pad(one.pictures, (0, 0, 0, PICTURES - one.pictures.shape[1]))
    ngrams = torch.nn.functional.pad(one.ngrams, (0, MAX_NGRAMS - one.ngrams.shape[2]))
    return {"pictures": pictures.numpy(), "texts": one.texts.numpy(), "ngrams": ngrams.numpy()}


def run(path: Path, one: Content) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session.run(["embedding"], padded(one))[0]


def parity(model: ItemSage, path: Path, shelf: Shelf) -> dict:
    """Largest difference between onnxruntime and PyTorch: that of fp16 matrices and an int8 table."""
    rows = np.linspace(0, len(shelf.products) - 1, 500).astype(int)
    one = content(shelf, [shelf.shown[row][:PICTURES] for row in rows], np.stack([shelf.variants[row][0] for row in rows]))
    with torch.no_grad():
        expected = model(one.pictures, one.texts, one.ngrams).numpy()
    found = run(path, one)
    return {
        "products": len(rows),
        "largest difference": float(np.abs(found - expected).max()),
        "least cosine": float((found * expected).sum(1).min()),
    }


def coded(vector: np.ndarray) -> str:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()


def write_fixture(path: Path, shelf: Shelf, manifest: dict) -> None:
    """Showroom products, with several pictures, without pictures, without texts."""
    rows = [row for row, product in enumerate(shelf.products) if product.source == "showroom"][:FIXTURE_ITEMS]
    views = [shelf.shown[row] for row in rows]
    texts = np.stack([shelf.variants[row][0] for row in rows])
    views[1], views[2], texts[3] = [], views[2][:1], 0
    texts[4, 1:] = 0
    one = content(shelf, views, texts)
    found = run(path, one)
    items = [
        {
            "texts": {field: shelf.strings[at] for field, at in zip(FIELDS, texts[place])},
            "vectors": {field: coded(shelf.texts[at].numpy()) for field, at in zip(FIELDS, texts[place])},
            "pictures": [
                {"unified": coded(view[:DIMENSIONS]), "pinclip": coded(view[DIMENSIONS:])}
                for view in shelf.pictures[views[place]].numpy()
            ],
            "embedding": coded(found[place]),
        }
        for place in range(len(rows))
    ]
    fixture = {"model": f"{manifest['name']}@{manifest['revision']}", "items": items}
    target = ROOT / "test" / "fixtures" / "itemsage.json"
    target.write_text(json.dumps(fixture, ensure_ascii=False) + "\n", encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cache", type=Path)
    parser.add_argument("model", type=Path)
    arguments = parser.parse_args()
    model, shelf = read_model(arguments.model), build(SHIP, arguments.cache)
    path = HERE / f"{NAME}.fp32.onnx"
    onnx.save(item_graph(model, DESCRIPTION), path)
    figures = parity(model, path, shelf)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "parity.json").write_text(json.dumps(figures, indent=2) + "\n")
    manifest = write_manifest(path, {})
    write_fixture(path, shelf, manifest)
    print(path.name, path.stat().st_size, "bytes", json.dumps(figures), manifest["revision"])


if __name__ == "__main__":
    main()
