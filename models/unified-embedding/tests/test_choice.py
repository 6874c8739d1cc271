"""python -m pytest models/unified-embedding/tests: no data, no GPU."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from choice import choose, figures

SPREAD = np.array([-0.5, 0.0, 0.5])  # two standard errors of a difference: 0.82


@pytest.mark.parametrize(
    ("lite1", "lite2", "chosen"),
    [
        (60.8, 60.8, "efficientnet-lite0"),  # both within what the seeds explain
        (60.9, 61.6, "efficientnet-lite1"),  # lite2 gains too little on lite1
        (60.9, 61.8, "efficientnet-lite2"),
        (60.5, 60.9, "efficientnet-lite2"),  # compared with lite0, since lite1 was not chosen
    ],
)
def test_a_larger_backbone_must_win_by_more_than_the_seeds_explain(lite1, lite2, chosen):
    means = {"efficientnet-lite0": 60.0, "efficientnet-lite1": lite1, "efficientnet-lite2": lite2}
    assert choose({name: mean + SPREAD for name, mean in means.items()}) == chosen


def test_figures_are_gathered_by_backbone_at_224():
    means = {"224-0": 60.0, "224-1": 61.0, "192-0": 50.0}
    runs = {f"efficientnet-lite0-{name}": {"float": {"mean": mean}} for name, mean in means.items()}
    found = figures(runs)
    assert found["efficientnet-lite0"].tolist() == [60.0, 61.0]
    assert found["efficientnet-lite1"].tolist() == []
