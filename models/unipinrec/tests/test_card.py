"""What the card's tables say of runs."""

import json

import pytest

import card


def run(seed: int, valid: float, hits: float) -> dict:
    return {"valid": {"auc_save": valid, "recall10": 0.1}, "test": {"hit3": hits}, "recipe": {"seed": seed}}


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(card, "RESULTS", tmp_path)
    return lambda name, found: (tmp_path / f"{name}.json").write_text(json.dumps(found))


def test_a_table_without_runs_says_so(results):
    assert card.TABLES["softmax"]() == "Not run."


def test_the_shipped_seed_is_that_of_the_best_validation_not_of_the_best_test(results):
    results("shipped", {"showroom": {"joint": [run(0, 0.6, 0.9), run(1, 0.7, 0.5), run(2, 0.5, 0.8)]}})
    shipped, everyone = card.TABLES["shipped"]().splitlines()[2:]
    assert "(seed 1)" in shipped and "0.5000 " in shipped
    assert "0.7333 ±0.2000" in everyone and everyone.endswith("| 3 |")
