"""Binary accuracy and top-K of compatibility scores, with bootstrap intervals over photographs.

Each scene is asked for its product among the products of the same category from other photographs. Binary accuracy
is the chance that the product of the scene scores above a random one of those (ties count half): the mean over all
of them, not a draw. Top-K: the share of scenes whose product is among the first K.
"""

from collections.abc import Callable

import numpy as np

TOP = (1, 5, 10)


def compare(
    scores: Callable[[np.ndarray], np.ndarray],
    category: np.ndarray,
    photo: np.ndarray,
    subset: np.ndarray,
    product: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """`scores(rows)` [n, n]: scene of row i with product of row j (higher is better), for rows of one category.

    category, photo: [P] numbers of all pairs; subset: rows to test; product: [P] numbers where one product may be in
    several scenes. No product of a scene is its rival. Answers arrays over the tested rows that have a rival: `row`,
    `binary` (0..1), `rank` (0 is first), `rivals` (how many).
    """
    product = np.arange(len(photo)) if product is None else product
    width = int(product.max()) + 1
    together = np.unique(photo[subset].astype(np.int64) * width + product[subset])
    result = {"row": [], "binary": [], "rank": [], "rivals": []}
    for kind in np.unique(category[subset]):
        rows = subset[category[subset] == kind]
        matrix = scores(rows)
        own = np.diag(matrix)[:, None]
        rival = ~np.isin(photo[rows].astype(np.int64)[:, None] * width + product[rows], together)
        count = rival.sum(1)
        above, level = ((matrix > own) & rival).sum(1), ((matrix == own) & rival).sum(1)
        some = count > 0
        result["row"].append(rows[some])
        result["binary"].append(1 - (above + level / 2)[some] / count[some])
        result["rank"].append((above + level / 2)[some])
        result["rivals"].append(count[some])
    return {name: np.concatenate(parts) for name, parts in result.items()}


def interval(values: np.ndarray, photo: np.ndarray, samples: int = 1000, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of the mean, photographs drawn with replacement."""
    names, group = np.unique(photo, return_inverse=True)
    total, count = np.bincount(group, values), np.bincount(group)
    draws = np.random.default_rng(seed).integers(0, len(names), (samples, len(names)))
    means = total[draws].sum(1) / count[draws].sum(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def summary(found: dict[str, np.ndarray], category: np.ndarray, photo: np.ndarray) -> dict:
    """Percent: `binary` with its interval, `macro` (mean over categories), `top1`, `top5`, `top10` and their chance."""
    rows = found["row"]
    low, high = interval(found["binary"], photo[rows])
    kinds = [found["binary"][category[rows] == kind].mean() for kind in np.unique(category[rows])]
    result = {"pairs": len(rows), "binary": 100 * found["binary"].mean(), "low": 100 * low, "high": 100 * high}
    result["macro"] = 100 * np.mean(kinds)
    for k in TOP:
        result[f"top{k}"] = 100 * (found["rank"] < k).mean()
        result[f"chance{k}"] = 100 * np.minimum(k / (found["rivals"] + 1), 1).mean()
    return {name: round(float(value), 2) if name != "pairs" else value for name, value in result.items()}
