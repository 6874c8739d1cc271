"""Writes the shipped files of a trained head: `python export.py $PACK/int8 head.pt`.

complete-the-look.fp32.onnx, results/parity.json (graph against PyTorch on held-out scenes) and manifest.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from backbone import CHANNELS, NAME as BACKBONE
from backbone import REGIONS
from dataset import Pairs, load
from network import DIMENSIONS, CompleteTheLook
from onnx_head import COLUMNS, ROWS, head_graph
from training.manifest import file_entry, revision

HERE = Path(__file__).parent
NAME = "complete-the-look"
DESCRIPTION = "What goes with a picture: a query vector per product category, searched among product vectors."
SOURCES = {
    "clothing-co-parsing": "bearpaw/clothing-co-parsing@fe34fb77721a",
    "home-objects": "Arka-h/pot-curtain-toaster-object-detection-classes-dataset@b9ceea73aa12",
}


def read_head(path: Path) -> tuple[CompleteTheLook, dict]:
    saved = torch.load(path, weights_only=True)
    recipe = saved["recipe"]
    model = CompleteTheLook(CHANNELS, len(saved["categories"]), recipe["hidden"], recipe["dropout"], recipe["mode"])
    model.load_state_dict(saved["state"])
    return model.eval(), saved


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def parity(model: CompleteTheLook, path: Path, data: Pairs) -> dict:
    """Largest difference of each output between onnxruntime and PyTorch."""
    rows = np.flatnonzero(data.held_out)
    maps = data.maps["scene"][0, rows].astype(np.float32)
    found = session(path).run(None, {"map": maps.reshape(-1, ROWS, COLUMNS, CHANNELS)})
    regions = torch.from_numpy(maps)
    with torch.no_grad():
        product, local = model.product(regions.mean(1)), model.local(regions)
        attention = torch.softmax(2 * model.attending(regions) @ model.categories.T, 1).transpose(1, 2)
        expected = [product, product, product[:, None] + attention @ local, attention]
        own = torch.from_numpy(data.category[rows])
        one = model.query(regions, regions.mean(1), own)
    names = ("product", "scene", "queries", "attention")
    result = {name: float(np.abs(a - b.numpy()).max()) for name, a, b in zip(names, found, expected)}
    result["queries, as trained"] = float(np.abs(found[2][np.arange(len(rows)), own] - one.numpy()).max())
    return {"scenes": len(rows), "largest difference": result}


def write_manifest(path: Path, saved: dict, sources: list[str]) -> None:
    count = len(saved["categories"])
    shapes = {
        "product": [-1, DIMENSIONS],
        "scene": [-1, DIMENSIONS],
        "queries": [-1, count, DIMENSIONS],
        "attention": [-1, count, REGIONS],
    }
    manifest = {
        "name": NAME,
        "revision": "",
        "task": "look-compatibility",
        "description": DESCRIPTION,
        "license": "Apache-2.0",
        "source": f"trained from scratch on the feature map of {BACKBONE}",
        "input": {"name": "map", "datatype": "FP32", "shape": [-1, ROWS, COLUMNS, CHANNELS]},
        "outputs": [{"name": name, "datatype": "FP32", "shape": shape} for name, shape in shapes.items()],
        "compatibility": {
            "backbone": f"{BACKBONE}@{saved['backbone']}",
            "map": "map",
            "categories": saved["categories"],
            "dimensions": DIMENSIONS,
            "regions": [ROWS, COLUMNS],
        },
        "files": {"fp32": file_entry(path)},
        "training": {"data": sources, "recipe": f"models/{NAME}/train.py"},
        "metrics": {},
    }
    manifest["revision"] = revision(manifest)
    save_manifest(manifest)


def read_manifest() -> dict:
    return json.loads((HERE / "manifest.json").read_text(encoding="utf8"))


def save_manifest(manifest: dict) -> None:
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")


def write_metrics(metrics: dict) -> None:
    """Measured figures; they do not change the revision."""
    save_manifest({**read_manifest(), "metrics": metrics})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("features", type=Path)
    parser.add_argument("head", type=Path)
    arguments = parser.parse_args()
    data, (model, saved) = load(arguments.features), read_head(arguments.head)
    path = HERE / f"{NAME}.fp32.onnx"
    onnx.save(head_graph(model, DESCRIPTION), path)
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    figures = parity(model, path, data)
    (results / "parity.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(path.name, path.stat().st_size, "bytes", json.dumps(figures))
    write_manifest(path, saved, [SOURCES[name] for name in saved["sources"]])


if __name__ == "__main__":
    main()
