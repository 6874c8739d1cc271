"""What a rotation of the shipped float vectors does to their sign codes: none, random ones, iterative quantisation.

    python models/unified-embedding/pack.py $PACK
    python models/unified-embedding/rotations.py $PACK     # CPU, about ten minutes on one core

Cosines stay as they are, so only the codes' Recall@1 is written, to `results/rotations.json`. Rotations are fitted on
every second training picture.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from evaluate import SIDE
from evaluation import Views, load_views, score, summary
from export import HERE, NAME, embed
from training.rotation import iterative_quantisation

SAMPLE, SEEDS = 2, (0, 1, 2)


def training_vectors(pack: Path) -> np.ndarray:
    """Vectors [N, D] of the training pictures, as the fp32 file answers them."""
    stored = np.load(pack / "train.npy", mmap_mode="r")[::SAMPLE]
    result = []
    for first in range(0, len(stored), 64):
        x = torch.from_numpy(np.ascontiguousarray(stored[first : first + 64])).permute(0, 3, 1, 2).float()
        x = torch.nn.functional.interpolate(x, size=(SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
        pixels = x.round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
        result.append(embed(HERE / f"{NAME}.fp32.onnx", pixels))
    return np.concatenate(result)


def random_rotation(size: int, seed: int) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]


def measured(train: np.ndarray, vectors: np.ndarray, views: Views) -> dict:
    """Rotation -> means of the codes' Recall@1, one for each seed."""
    rotations = {"none": [np.eye(vectors.shape[1])]}
    rotations["random"] = [random_rotation(vectors.shape[1], seed) for seed in SEEDS]
    rotations["iterative quantisation"] = [
        iterative_quantisation(torch.from_numpy(train), seed=seed).numpy() for seed in SEEDS
    ]
    result = {}
    for name, matrices in rotations.items():
        codes = [score((vectors @ matrix).astype(np.float32), views.order, views.benchmarks) for matrix in matrices]
        result[name] = [summary(one, views.benchmarks, "binary") for one in codes]
        print(name, json.dumps(result[name]), flush=True)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    pack = parser.parse_args().pack
    views = load_views(pack)
    vectors = embed(HERE / f"{NAME}.fp32.onnx", views.images)
    result = measured(training_vectors(pack), vectors, views)
    (HERE / "results" / "rotations.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
