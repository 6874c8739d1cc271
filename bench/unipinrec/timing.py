"""Medians of calls, timed alike for PyTorch and for ONNX Runtime."""

import statistics
import time
from collections.abc import Callable

WARM_UP = 3


def milliseconds(call: Callable, rounds: int) -> float:
    """Median of `rounds` calls after the warm-up."""
    for _ in range(WARM_UP):
        call()
    figures = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        figures.append((time.perf_counter() - started) * 1000)
    return statistics.median(figures)
