"""How good scores and probabilities are."""

import numpy as np

BINS = 10


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Chance that one with the label scores above one without; ties count half."""
    order = np.argsort(scores, kind="stable")
    values, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    ranks = np.empty(len(scores))
    ranks[order] = mean_rank[inverse]
    positive = labels > 0
    count, others = positive.sum(), (~positive).sum()
    if count == 0 or others == 0:
        return float("nan")
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * others))


def hits(scores: np.ndarray, labels: np.ndarray, slates: np.ndarray, k: int = 3) -> np.ndarray:
    """For each slate with the label: whether one of its k highest has it, 0 or 1."""
    found = []
    edges = np.flatnonzero(np.diff(slates)) + 1
    for start, end in zip([0, *edges], [*edges, len(slates)]):
        own = labels[start:end]
        if own.any():
            found.append(own[np.argsort(-scores[start:end], kind="stable")[:k]].any())
    return np.array(found, float)


def calibration_error(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean distance of probability and frequency over ten bins with equally many examples each."""
    parts = np.array_split(np.argsort(probabilities, kind="stable"), BINS)
    return float(sum(len(part) * abs(probabilities[part].mean() - labels[part].mean()) for part in parts) / len(labels))


def interval(values: np.ndarray, draws: int = 2_000) -> tuple[float, float]:
    """95 % bootstrap interval of the mean, over slates."""
    random = np.random.default_rng(1)
    means = values[random.integers(0, len(values), (draws, len(values)))].mean(1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
