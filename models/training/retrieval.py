"""Retrieval figures: Recall@K of float vectors and of their sign codes, with bootstrap intervals."""

import numpy as np


def ranks(
    queries: np.ndarray, gallery: np.ndarray, relevant: np.ndarray, excluded: np.ndarray, seed: int = 0
) -> np.ndarray:
    """Rank (0 is first) of the best relevant gallery entry of each query, by inner product.

    queries [Q, D], gallery [G, D]; relevant, excluded: bool [Q, G]. Equal scores are ordered at random. Queries
    without a relevant entry have rank -1.
    """
    scores = queries.astype(np.float32) @ gallery.astype(np.float32).T
    scores += np.random.default_rng(seed).uniform(0, 1e-6, scores.shape).astype(np.float32) * np.abs(scores).max()
    wanted = relevant & ~excluded
    best = np.where(wanted, scores, -np.inf).max(1)
    above = ((scores > best[:, None]) & ~excluded).sum(1)
    return np.where(wanted.any(1), above, -1)


def signs(vectors: np.ndarray) -> np.ndarray:
    """Sign code as -1/+1: inner products order as Hamming distances do."""
    return np.where(vectors >= 0, 1.0, -1.0).astype(np.float32)


def recall(rank: np.ndarray, at: tuple[int, ...] = (1, 5, 10), samples: int = 1000, seed: int = 0) -> dict:
    """Percent of queries whose best relevant entry is among the first K; 95 % bootstrap interval for K = 1."""
    rank = rank[rank >= 0]
    result = {f"r{k}": round(100 * float((rank < k).mean()), 2) for k in at}
    generator = np.random.default_rng(seed)
    means = [(rank[generator.integers(0, len(rank), len(rank))] < 1).mean() for _ in range(samples)]
    low, high = np.percentile(means, [2.5, 97.5])
    return {
        **result,
        "r1_low": round(100 * float(low), 2),
        "r1_high": round(100 * float(high), 2),
        "queries": len(rank),
    }
