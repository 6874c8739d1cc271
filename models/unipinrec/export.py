"""Writes UniPinRec's graphs `item`, `history` and `candidates`, the START cache and `manifest.json`.

    python models/unipinrec/export.py CHECKPOINT                              a trained model, {config, state_dict}
    python models/unipinrec/export.py --random --width 768 --layers 12 --heads 12 --out DIR    weights for benches

Files: unipinrec.<graph>.<fp32 | fp16>.onnx, and unipinrec.start.bin: keys, then values of START, [2, L, H, d],
little-endian float32. With --alone also graphs of models that share nothing, which no manifest names.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from network import ACTIONS, SURFACES, Config, UniPinRec
from onnx_full import KINDS, Full
from onnx_graphs import Graphs
from onnx_writer import FORMS, array
from training.manifest import file_entry, revision

NAME = "unipinrec"
DESCRIPTION = "A user's actions to a query vector, and to probabilities of five actions on candidates."
MAX_HISTORY, MAX_CANDIDATES = 256, 656
DATATYPES = {onnx.TensorProto.FLOAT: "FP32", onnx.TensorProto.FLOAT16: "FP32", onnx.TensorProto.INT64: "INT64"}


def read_model(path: Path) -> UniPinRec:
    saved = torch.load(path, weights_only=True, map_location="cpu")
    model = UniPinRec(Config(**saved["config"]))
    model.load_state_dict(saved["state_dict"])
    return model.eval()


@torch.no_grad()
def random_model(config: Config, seed: int) -> UniPinRec:
    """Weights as at the start of training, but none of them zero: what surfaces and gaps do shows too."""
    torch.manual_seed(seed)
    model = UniPinRec(config).eval()
    for layer in (model.surface, model.gap):
        layer.weight.normal_(std=0.1)
    return model


def write_graph(graph: onnx.ModelProto, folder: Path, name: str, precision: str) -> Path:
    path = folder / f"{NAME}.{name}.{precision}.onnx"
    onnx.save(graph, path)
    return path


def declared(values) -> list[dict]:
    """Tensors of a graph as a manifest declares them: FP32 for fp16's too, -1 where a dimension is free."""
    return [
        {
            "name": value.name,
            "datatype": DATATYPES[value.type.tensor_type.elem_type],
            "shape": [-1 if one.dim_param else one.dim_value for one in value.type.tensor_type.shape.dim],
        }
        for value in values
    ]


def write_graphs(model: UniPinRec, folder: Path, precisions: Sequence[str], form: str, max_history: int) -> dict:
    """-> the manifest's `graphs`."""
    graphs: dict[str, dict] = {}
    for precision in precisions:
        writer = Graphs(model, precision, FORMS[form], max_history + 1, DESCRIPTION)
        for name in ("item", "history", "candidates"):
            graph = getattr(writer, name)()
            tensors = {"inputs": declared(graph.graph.input), "outputs": declared(graph.graph.output)}
            entry = graphs.setdefault(name, {**tensors, "files": {}})
            entry["files"][precision] = file_entry(write_graph(graph, folder, name, precision))
    return graphs


def write_alone(graphs: Graphs, folder: Path, precision: str) -> None:
    """Graphs of models that share nothing: `retrieval` answers queries only, `full-…` rank histories with candidates."""
    write_graph(graphs.history(caches=False), folder, "retrieval", precision)
    for kind in KINDS:
        write_graph(Full(graphs).graph(kind), folder, f"full-{kind}", precision)


def write_start(model: UniPinRec, folder: Path) -> Path:
    """[2, L, H, d] float32, little-endian."""
    path = folder / f"{NAME}.start.bin"
    with torch.no_grad():
        keys, values = model.start_cache()
    path.write_bytes(np.stack([array(keys), array(values)]).astype("<f4").tobytes())
    return path


def write_manifest(model: UniPinRec, folder: Path, graphs: dict, start: Path, limits: dict, about: dict) -> dict:
    """about: content (`name@revision` of the model of items' vectors), source, training, metrics."""
    config = model.config
    manifest = {
        "name": NAME,
        "revision": "",
        "task": "sequence-ranking",
        "description": DESCRIPTION,
        "license": "Apache-2.0",
        "source": about["source"],
        "content": {"model": about["content"], "dimensions": config.content},
        "actions": list(ACTIONS),
        "surfaces": list(SURFACES),
        **limits,
        "layers": config.layers,
        "heads": config.heads,
        "head_dimensions": config.head,
        "dimensions": config.dimensions,
        "graphs": graphs,
        "start": file_entry(start),
        **({"training": about["training"]} if about.get("training") else {}),
        "metrics": about.get("metrics", {}),
    }
    manifest["revision"] = revision(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    return manifest


def content_model() -> str:
    manifest = json.loads((HERE.parent / "itemsage" / "manifest.json").read_text(encoding="utf8"))
    return f"{manifest['name']}@{manifest['revision']}"


def export(model: UniPinRec, arguments: argparse.Namespace) -> dict:
    folder = arguments.out
    folder.mkdir(parents=True, exist_ok=True)
    graphs = write_graphs(model, folder, arguments.precisions, arguments.form, arguments.max_history)
    about = {
        "content": arguments.content_model or content_model(),
        "source": "random weights" if arguments.random else "trained from scratch",
        "training": json.loads(arguments.training.read_text()) if arguments.training else None,
        "metrics": json.loads(arguments.metrics.read_text()) if arguments.metrics else {},
    }
    limits = {"max_history": arguments.max_history, "max_candidates": arguments.max_candidates}
    if arguments.alone:
        for precision in arguments.precisions:
            write_alone(Graphs(model, precision, FORMS[arguments.form], arguments.max_history + 1), folder, precision)
    return write_manifest(model, folder, graphs, write_start(model, folder), limits, about)


def parse(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--precisions", nargs="+", choices=("fp32", "fp16"), default=["fp32", "fp16"])
    parser.add_argument("--form", choices=FORMS, default="stock", help="which operators graphs are made of")
    parser.add_argument("--alone", action="store_true", help="also graphs of models that share nothing, for benches")
    parser.add_argument("--max-history", type=int, default=MAX_HISTORY)
    parser.add_argument("--max-candidates", type=int, default=MAX_CANDIDATES)
    parser.add_argument("--content-model", help="name@revision; else the itemsage of this checkout")
    parser.add_argument("--training", type=Path, help="JSON: {data, recipe}")
    parser.add_argument("--metrics", type=Path, help="JSON: measured figures")
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    for name in ("content", "dimensions", "width", "layers", "heads"):
        default = getattr(Config, name)
        parser.add_argument(f"--{name}", type=int, default=default, help=f"of random weights; {default}")
    arguments = parser.parse_args(given)
    if arguments.random == (arguments.checkpoint is not None):
        parser.error("needs either a checkpoint or --random")
    return arguments


def main(given: Sequence[str] | None = None) -> None:
    arguments = parse(given)
    if arguments.random:
        sizes = {name: getattr(arguments, name) for name in ("content", "dimensions", "width", "layers", "heads")}
        model = random_model(Config(**sizes), arguments.seed)
    else:
        model = read_model(arguments.checkpoint)
    manifest = export(model, arguments)
    files = [file for graph in manifest["graphs"].values() for file in graph["files"].values()]
    print(f"{NAME}@{manifest['revision']}", sum(file["bytes"] for file in files), "bytes")


if __name__ == "__main__":
    main()
