"""Writes int8 and fp32 graphs of every candidate backbone into `candidates/` (not committed), for timing.

    python models/unified-embedding/candidates.py

Their speed does not hang on the weights: ImageNet weights and principal axes serve. Recall comes from the training
runs of `experiments.py` with the same backbone and size.
"""

import json
from pathlib import Path

import onnx
import torch

import tasks
from training import mobilenet_tflite, trunks
from training.activation_ranges import calibrate
from training.embedder import Embedder, principal_projection
from training.onnx_graph import float_model, int8_model
from training.shards import data_folder, decode

HERE = Path(__file__).parent
CANDIDATES = [
    ("mobilenet-v2", 192),
    ("mobilenet-v2", 224),
    ("efficientnet-lite0", 160),
    ("efficientnet-lite0", 192),
    ("efficientnet-lite0", 224),
    ("efficientnet-lite1", 192),
    ("efficientnet-lite1", 224),
    ("efficientnet-lite1", 240),
    ("efficientnet-lite2", 192),
    ("efficientnet-lite2", 224),
    ("efficientnet-lite2", 260),
]
BITS, DIMENSIONS = 7, 256


def imagenet_trunk(name: str) -> trunks.Trunk:
    """ImageNet weights of a candidate."""
    if name == "mobilenet-v2":
        return mobilenet_tflite.read(data_folder() / "weights" / "tf2_mobilenet_v2_1.0_224_ptq.tflite")
    return trunks.pretrained(name)


@torch.no_grad()
def write(name: str, side: int, folder: Path) -> dict:
    """Both graphs of a candidate; returns its entry for candidates.json."""
    items = tasks.training_set().items[::400]
    images = torch.from_numpy(decode(items, side)).permute(0, 3, 1, 2)
    embedder = Embedder(imagenet_trunk(name), DIMENSIONS).eval()
    embedder.linear.weight.data.copy_(principal_projection(embedder.pooled(images), DIMENSIONS))
    limits = calibrate(embedder.trunk, [(images.float() - trunks.PIXEL_MEAN) / trunks.PIXEL_SCALE], BITS)
    about = f"{name} at {side}: for timing only"
    files = {
        "int8": int8_model(embedder, side, limits, BITS, about),
        "fp32": float_model(embedder, side, "fp32", about),
    }
    entry = {
        "name": f"{name}-{side}",
        "backbone": name,
        "side": side,
        "parameters": sum(p.numel() for p in embedder.parameters()),
    }
    for precision, model in files.items():
        path = folder / f"{name}-{side}.{precision}.onnx"
        onnx.save(model, path)
        entry[f"{precision}_bytes"] = path.stat().st_size
    return entry


def main() -> None:
    folder = HERE / "candidates"
    folder.mkdir(exist_ok=True)
    entries = []
    for name, side in CANDIDATES:
        entries.append(write(name, side, folder))
        print(json.dumps(entries[-1]))
    (HERE / "candidates.json").write_text(json.dumps(entries, indent=2) + "\n")


if __name__ == "__main__":
    main()
