"""The funnel's shapes and where it starts, and a trunk read back from its own graph: seconds on a CPU, no weights needed."""

import sys
from pathlib import Path

import onnx
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from training.embedder import Embedder
from training.funnel import SIDE, Funnel
from training.onnx_graph import float_model
from training.onnx_trunk import trunk_of
from training.trunks import Conv, Trunk


def random_trunk(name: str = "efficientnet-lite0") -> Trunk:
    torch.manual_seed(0)
    trunk = Trunk(name)
    for module in trunk.modules():
        if isinstance(module, Conv):
            torch.nn.init.kaiming_normal_(module.weight)
            module.mean.normal_(0, 0.1)
            module.var.uniform_(0.5, 1.5)
    return trunk


def test_a_funnel_answers_a_map_of_4_by_4_and_looks_at_256_tokens_first():
    funnel = Funnel(random_trunk()).eval()
    tokens = []
    funnel.embed.register_forward_hook(lambda _, __, output: tokens.append(output.shape[1]))
    assert funnel(torch.randn(2, 3, SIDE, SIDE)).shape == (2, 1280, 4, 4)
    assert tokens == [256]


def test_a_funnel_shares_no_weights_with_the_trunk_that_it_starts_from():
    trunk = random_trunk()
    funnel = Funnel(trunk)
    funnel.stem[0].weight.data.zero_()
    assert trunk.stem.weight.abs().sum() > 0


def test_fresh_parameters_and_the_stem_are_all_that_a_funnel_has():
    funnel = Funnel(random_trunk())
    assert len(funnel.fresh()) + len(list(funnel.stem.parameters())) == len(list(funnel.parameters()))


def test_a_funnel_starts_near_the_mean_of_the_features_that_it_is_to_learn():
    features = torch.rand(100, 1280) + 0.5
    funnel = Funnel(random_trunk()).eval()
    funnel.expect(features)
    with torch.no_grad():
        pooled = funnel(torch.randn(2, 3, SIDE, SIDE)).mean((2, 3))
    assert (pooled - features.mean(0)).abs().max() < 0.2


def test_a_trunk_read_from_a_graph_answers_as_the_one_that_was_written(tmp_path):
    embedder = Embedder(random_trunk(), 16).eval()
    onnx.save(float_model(embedder, 64, "fp32", "a test"), tmp_path / "model.onnx")
    trunk, matrix = trunk_of(tmp_path / "model.onnx", "efficientnet-lite0")
    again = Embedder(trunk, 16).eval()
    again.linear.weight.data.copy_(matrix)
    images = torch.randint(0, 256, (2, 3, 64, 64))
    with torch.no_grad():
        assert torch.nn.functional.cosine_similarity(embedder(images), again(images)).min() > 0.999
