"""python -m pytest models/complete-the-look/tests: seconds on a CPU, no data needed."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from metrics import compare, interval
from network import MODES, CompleteTheLook
from onnx_head import head_graph
from pairs import area, beside, largest_side
from train import hinge

SCENE, BOX = (0.1, 0.0, 0.9, 1.0), (0.3, 0.2, 0.6, 0.5)


def test_no_side_of_a_scene_overlaps_the_box():
    for side in ("left", "right", "above", "below"):
        x0, y0, x1, y1 = beside(SCENE, BOX, side)
        assert area((max(x0, BOX[0]), max(y0, BOX[1]), min(x1, BOX[2]), min(y1, BOX[3]))) == 0
    assert largest_side(SCENE, BOX) == ("below", pytest.approx(0.5))


def test_a_box_that_covers_the_scene_leaves_nothing():
    assert largest_side(SCENE, (0.0, 0.0, 1.0, 1.0))[1] == 0


@pytest.fixture
def model() -> CompleteTheLook:
    torch.manual_seed(0)
    model = CompleteTheLook(320, 3)
    for projection in (model.overall, model.local, model.attending):
        projection.norm.running_mean.normal_()
        projection.norm.running_var.uniform_(0.5, 2)
    return model.eval()


def test_the_query_carries_the_distance_of_the_paper(model):
    regions, pooled, category = torch.randn(4, 49, 320), torch.randn(4, 320), torch.tensor([0, 1, 2, 1])
    with torch.no_grad():
        product, scene, local = model.product(torch.randn(4, 320)), model.overall(pooled), model.local(regions)
        far = (model.attending(regions) - model.categories[category][:, None]).square().sum(-1)
        attention = torch.softmax(-far, 1)
        apart = (local - product[:, None]).square().sum(-1)
        expected = ((scene - product).square().sum(-1) + (attention * apart).sum(1)) / 2
        query = model.query(regions, pooled, category)
    torch.testing.assert_close(2 - (query * product).sum(1), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_answers_queries(mode):
    query = (
        CompleteTheLook(320, 3, mode=mode)
        .eval()
        .query(torch.randn(2, 49, 320), torch.randn(2, 320), torch.tensor([0, 2]))
    )
    assert query.shape == (2, 128)


def test_the_graph_answers_as_pytorch(model):
    maps = torch.randn(5, 49, 320)
    session = onnxruntime.InferenceSession(
        head_graph(model, "test").SerializeToString(), providers=["CPUExecutionProvider"]
    )
    product, scene, queries, attention = session.run(None, {"map": maps.reshape(5, 7, 7, 320).numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(product, model.product(maps.mean(1)).numpy(), atol=1e-5)
        for category in range(3):
            kinds = torch.full((5,), category)
            np.testing.assert_allclose(queries[:, category], model.query(maps, maps.mean(1), kinds), atol=1e-5)
            np.testing.assert_allclose(attention[:, category], model.attention(maps, kinds), atol=1e-5)
    assert (product == scene).all()


def test_hinge_leaves_out_other_categories_and_the_own_photograph():
    distances = torch.tensor([[0.5, 0.6, 0.0, 0.0], [0.0, 0.9, 0.0, 0.0], [0.0, 0.0, 0.1, 0.0], [0.0, 0.0, 0.0, 0.1]])
    category, photo = torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 2, 2])
    # scene 0: 0.5 - 0.6 + 0.2 = 0.1, scene 1: 0.9 - 0 + 0.2 = 1.1; scenes 2 and 3 have no rival
    assert hinge(distances, category, photo, 0.2).item() == pytest.approx(0.6)


def test_binary_accuracy_is_the_share_of_rivals_below():
    scores = np.array([[0.5, 0.4, 0.6], [0.0, 0.9, 0.1], [0.3, 0.3, 0.3]])
    found = compare(lambda rows: scores[np.ix_(rows, rows)], np.zeros(3, int), np.arange(3), np.arange(3))
    assert found["binary"].tolist() == [0.5, 1.0, 0.5]
    assert found["rank"].tolist() == [1.0, 0.0, 1.0]


def test_products_of_the_same_scene_are_no_rivals():
    scores = np.array([[0.1, 0.9], [0.9, 0.1]])
    found = compare(lambda rows: scores, np.zeros(2, int), np.zeros(2, int), np.arange(2))
    assert found["row"].size == 0


def test_the_interval_holds_the_mean():
    values = np.random.default_rng(0).random(400)
    low, high = interval(values, np.arange(400) // 4)
    assert low < values.mean() < high
