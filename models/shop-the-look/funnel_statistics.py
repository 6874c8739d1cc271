"""Shares of first places with intervals: 95 %, bootstrap over scenes (1,000 draws, seed 0)."""

from collections.abc import Callable

import numpy as np

DRAWS = 1000
PLACES = (1, 5, 10)

Weights = np.ndarray  # how often each case counts, [N]


class Bootstrap:
    """Statistics of cases [N] that belong to scenes [N], over draws of as many scenes."""

    def __init__(self, scene: np.ndarray) -> None:
        _, scene = np.unique(scene, return_inverse=True)
        generator, count = np.random.default_rng(0), scene.max() + 1
        draws = (np.bincount(generator.integers(count, size=count), minlength=count) for _ in range(DRAWS))
        self._all, self._draws = np.ones(len(scene)), [draw[scene].astype(float) for draw in draws]

    def percent(self, statistic: Callable[[Weights], float], digits: int = 1) -> dict:
        """A fraction, and where 95 % of its draws lie, in percent."""
        drawn = np.nanpercentile([statistic(weights) for weights in self._draws], [2.5, 97.5])
        value, low, high = (round(100 * float(one), digits) for one in (statistic(self._all), *drawn))
        return {"value": value, "interval": [low, high]}


def mean(values: np.ndarray, among: np.ndarray | None = None) -> Callable[[Weights], float]:
    """Mean of values [N] among the cases of a mask [N], as a statistic of the cases' weights."""
    among = np.ones(len(values), bool) if among is None else among

    def statistic(weights: Weights) -> float:
        total = (weights * among).sum()
        return float((values * weights * among).sum() / total) if total else float("nan")

    return statistic


def hits(sample: Bootstrap, ranks: np.ndarray) -> dict:
    return {f"hit@{place}": sample.percent(mean(ranks <= place)) for place in PLACES}


def gain(sample: Bootstrap, better: np.ndarray, worse: np.ndarray) -> dict:
    """Relative, of the share of first places."""
    one, other = mean(better == 1), mean(worse == 1)
    return sample.percent(lambda weights: one(weights) / (other(weights) or np.nan) - 1, 0)


def ladder(sample: Bootstrap, rungs: dict[str, np.ndarray]) -> dict:
    """Hits of each rung, and what it gains over the one before and over the first."""
    names, result = list(rungs), {}
    for number, name in enumerate(names):
        result[name] = hits(sample, rungs[name])
        if number:
            result[name]["gain"] = gain(sample, rungs[name], rungs[names[number - 1]])
            result[name]["gain over first"] = gain(sample, rungs[name], rungs[names[0]])
    return result
