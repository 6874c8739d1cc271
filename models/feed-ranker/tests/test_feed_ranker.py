"""python -m pytest models/feed-ranker/tests: seconds on a CPU, no data needed."""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]
for name in ("examples", "metrics", "network", "train"):
    sys.modules.pop(name, None)  # other models have files of these names

from examples import load, spam  # noqa: E402
from metrics import auc, calibration_error, hits  # noqa: E402
from network import LARGEST, Ranker, graph  # noqa: E402
from train import fit, probabilities  # noqa: E402


def test_auc_is_the_chance_of_the_right_order_and_ties_count_half():
    random = np.random.default_rng(3)
    scores, labels = random.integers(0, 5, 60).astype(float), random.integers(0, 2, 60)
    pairs = [np.sign(a - b) / 2 + 0.5 for a in scores[labels == 1] for b in scores[labels == 0]]
    assert auc(scores, labels) == pytest.approx(np.mean(pairs))
    assert np.isnan(auc(scores, np.zeros(60)))


def test_hits_counts_lists_with_the_label_only():
    slates = np.array([7] * 5 + [2] * 4 + [9] * 3)
    labels = np.array([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0])
    scores = np.array([5, 4, 3, 2, 1, 9, 8, 7, 6, 1, 2, 3.0])
    assert hits(scores, labels, slates).tolist() == [0, 1]
    assert hits(scores, labels, slates, k=5).tolist() == [1, 1]


def test_calibration_error_is_none_for_frequencies_and_the_distance_for_a_constant():
    labels = np.array([0, 1] * 500, float)
    assert calibration_error(np.full(1_000, 0.5), labels) == pytest.approx(0, abs=1e-9)
    assert calibration_error(np.full(1_000, 0.9), labels) == pytest.approx(0.4)


@pytest.mark.parametrize("hidden", [(), (64, 64)])
def test_the_graph_answers_what_the_network_answers(hidden, tmp_path):
    torch.manual_seed(1)
    model = Ranker(torch.randn(11), torch.rand(11) + 0.5, 5, hidden).eval()
    path = tmp_path / "model.onnx"
    path.write_bytes(graph(model, "test").SerializeToString())
    features = np.concatenate([np.random.default_rng(1).normal(0, 3, (50, 11)), np.full((1, 11), 1e30)]).astype("f4")
    found = onnxruntime.InferenceSession(str(path)).run(["probabilities"], {"features": features})[0]
    with torch.no_grad():
        expected = torch.sigmoid(model(torch.from_numpy(features))).numpy()
    assert np.abs(found - expected).max() < 1e-6
    assert path.stat().st_size < 2 * 1024 * 1024
    beyond = (model.mean + 2 * LARGEST * model.scale).numpy()[None].astype("f4")
    edge = (model.mean + LARGEST * model.scale).numpy()[None].astype("f4")
    run = lambda rows: onnxruntime.InferenceSession(str(path)).run(None, {"features": rows})[0]  # noqa: E731
    assert np.allclose(run(beyond), run(edge), atol=1e-5)


@pytest.fixture
def folder(tmp_path) -> Path:
    """60 people, 12 lists each on days 0 … 55, 8 products; what is saved follows the product of two features."""
    random = np.random.default_rng(5)
    columns = ["a", "b", "click", "save", "person", "slate", "day", "log_popularity"]
    people, lists, products = 60, 12, 8
    rows = np.zeros((people * lists * products, len(columns)), "<f4")
    number = np.arange(len(rows))
    rows[:, :2] = random.normal(0, 1, (len(rows), 2))
    rows[:, 2] = random.random(len(rows)) < 1 / (1 + np.exp(1.5 - rows[:, 0]))
    rows[:, 3] = random.random(len(rows)) < 1 / (1 + np.exp(1.5 - 3 * rows[:, 0] * rows[:, 1]))
    rows[:, 4] = number // (lists * products)
    rows[:, 5] = number // products
    rows[:, 6] = (number // products) % lists * 5
    rows.tofile(tmp_path / "examples.f32")
    about = {"columns": columns, "features": ["a", "b"], "actions": ["click", "save"], "content": "x@0"}
    (tmp_path / "examples.json").write_text(json.dumps(about))
    return tmp_path


def test_nobody_and_no_day_is_both_learned_from_and_tested(folder):
    split = load(folder)
    train, stop, test = (set(one.slate.tolist()) for one in (split.train, split.stop, split.test))
    person = lambda slates: {slate // 12 for slate in slates}  # noqa: E731
    day = lambda slates: [slate % 12 * 5 for slate in slates]  # noqa: E731
    assert train and stop and test
    assert not person(train) & person(test) and not person(stop) & person(test) and not person(train) & person(stop)
    assert max(day(train | stop)) < min(day(test))


def test_a_list_that_was_acted_on_nearly_everywhere_is_spam():
    slate = np.array([4] * 6 + [1] * 6 + [8] * 2)
    actions = np.zeros((14, 2))
    actions[:6, 1], actions[6:9, 0], actions[12:, 0] = 1, 1, 1
    assert spam(slate, actions).tolist() == [True] * 6 + [False] * 8


def test_training_learns_and_layers_learn_what_a_line_cannot(folder):
    split = load(folder)
    line, curved = (probabilities(fit(split, hidden, 0), split.test) for hidden in ((), (64, 64)))
    assert auc(line[:, 0], split.test.actions[:, 0]) > 0.65
    assert auc(line[:, 1], split.test.actions[:, 1]) < 0.6
    assert auc(curved[:, 1], split.test.actions[:, 1]) > 0.75
    again = probabilities(fit(split, (), 0), split.test)
    assert np.array_equal(again, line)


def test_the_shipped_model_answers_the_stored_probabilities():
    stored = json.loads((FOLDER / "results" / "parity.json").read_text())
    session = onnxruntime.InferenceSession(str(FOLDER / "feed-ranker.fp32.onnx"))
    found = session.run(None, {"features": np.array(stored["features"], "f4")})[0]
    assert np.abs(found - np.array(stored["probabilities"])).max() < 1e-5
