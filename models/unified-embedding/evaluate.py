"""Recall@1/5/10 on every picture set, of the shipped files and of what they started from.

    python models/unified-embedding/pack.py $PACK
    python models/unified-embedding/evaluate.py $PACK     # CPU, about half an hour on one core

Writes `results/sets.json`: benchmark -> model -> {"float", "binary"}. Models: `int8` and `fp32`, the shipped files;
`raw`, the backbone's 1280 pooled ImageNet features; their binary form has a threshold at the mean of the training
pictures, since features after ReLU6 have no negative signs.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from evaluation import load_views, score, summary
from export import HERE, NAME, embed
from training.embedder import Embedder
from training.onnx_graph import float_model
from training.trunks import pretrained
from zappos import agreement

SIDE = 224
SAMPLE = 16  # every 16th training picture gives the mean of raw features


def raw_graph(folder: Path) -> Path:
    """The untrained backbone up to its pooled features, as an ONNX file."""
    model = float_model(Embedder(pretrained("efficientnet-lite0"), 256), SIDE, "fp32", "ImageNet features")
    nodes = list(model.graph.node)
    last = next(index for index, node in enumerate(nodes) if node.output[0] == "features")
    del model.graph.node[last + 1 :]
    del model.graph.output[:]
    model.graph.output.append(onnx.helper.make_tensor_value_info("features", onnx.TensorProto.FLOAT, ["N", 1280]))
    path = folder / "raw.onnx"
    onnx.save(model, path)
    return path


def raw_features(path: Path, images: np.ndarray, side: int = SIDE) -> np.ndarray:
    """Pooled features [M, 1280], not normalised."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return np.concatenate(
        [
            session.run(None, {"image": np.ascontiguousarray(images[at : at + 16])})[0]
            for at in range(0, len(images), 16)
        ]
    )


def raw_scores(pack: Path, views) -> tuple[dict, dict, np.ndarray]:
    """Scores of raw features: float by cosine, binary around the training mean."""
    path = raw_graph(pack)
    train = np.load(pack / "train.npy", mmap_mode="r")[::SAMPLE]
    x = torch.from_numpy(np.ascontiguousarray(train)).permute(0, 3, 1, 2).float()
    x = torch.nn.functional.interpolate(x, size=(SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
    mean = raw_features(path, x.round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()).mean(0)
    features = raw_features(path, views.images)
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    return (
        score(unit, views.order, views.benchmarks, binary=False),
        score(features - mean, views.order, views.benchmarks),
        unit,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    pack = parser.parse_args().pack
    views = load_views(pack)
    result = {one.name: {"protocol": one.protocol, "task": one.task} for one in views.benchmarks}
    means, people = {}, {}
    for precision in ("int8", "fp32"):
        vectors = embed(HERE / f"{NAME}.{precision}.onnx", views.images)
        scores = score(vectors, views.order, views.benchmarks)
        means[precision] = {form: summary(scores, views.benchmarks, form) for form in ("float", "binary")}
        people[precision] = agreement(vectors, views.order)
        for name, one in scores.items():
            result[name][precision] = one
        save(result, means, people)
    plain, centred, unit = raw_scores(pack, views)
    means["raw"] = {"float": summary(plain, views.benchmarks), "binary": summary(centred, views.benchmarks, "binary")}
    people["raw"] = agreement(unit, views.order)
    for name in result:
        result[name]["raw"] = {"float": plain[name]["float"], "binary": centred[name]["binary"]}
    save(result, means, people)


def save(result: dict, means: dict, people: dict) -> None:
    path = HERE / "results" / "sets.json"
    path.write_text(
        json.dumps({"means": means, "zappos triplets, percent agreed": people, "benchmarks": result}, indent=1) + "\n"
    )
    print(json.dumps(means), json.dumps(people), flush=True)


if __name__ == "__main__":
    main()
