"""Figures of vectors in the joint space: recall, bootstrap intervals, prefixes. NumPy alone."""

import numpy as np

PREFIXES, RESAMPLES = (32, 64, 128, 256), 1000


def unit(x: np.ndarray) -> np.ndarray:
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)


def cut(x: np.ndarray, size: int) -> np.ndarray:
    return unit(x[:, :size])


def interval(hits: np.ndarray) -> list[float]:
    """95 % bootstrap interval of a mean, in percent."""
    random = np.random.default_rng(0)
    means = [hits[random.integers(len(hits), size=len(hits))].mean() for _ in range(RESAMPLES)]
    return [round(100 * float(value), 1) for value in np.percentile(means, (2.5, 97.5))]


def recalls(queries: np.ndarray, gallery: np.ndarray, right: list[set[int]]) -> dict:
    """Recall@1/5/10 in percent: whether one of the right ones is among the first; with the interval of Recall@10."""
    order = np.argsort(-(queries @ gallery.T), axis=1)[:, :10]
    hits = {k: np.array([bool(right[row] & set(found[:k])) for row, found in enumerate(order.tolist())]) for k in (1, 5, 10)}
    chance = np.mean([1 - (1 - len(one) / len(gallery)) ** 10 for one in right])
    return {
        **{f"r{k}": round(100 * float(one.mean()), 1) for k, one in hits.items()},
        "interval": interval(hits[10]), "chance10": round(100 * float(chance), 1), "queries": len(queries),
    }  # fmt: skip
