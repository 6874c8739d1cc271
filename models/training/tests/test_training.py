"""python -m pytest models/training/tests: seconds on a CPU, no data needed."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from training.activation_ranges import calibrate, quantisation, tensors
from training.augment import augment
from training.embedder import Embedder, principal_projection
from training.fake_quantise import QuantisedTrunk
from training.losses import TEMPERATURE, ProxySoftmax, relational_distillation, sign_code
from training.manifest import canonical, revision
from training.onnx_graph import float_model, int8_model
from training.retrieval import ranks, recall, signs
from training.rotation import iterative_quantisation
from training.trunks import ARCHITECTURES, Trunk

SIDE = 64


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    """EfficientNet-lite0 with random weights that keep activations in a sensible range."""
    torch.manual_seed(0)
    model = Embedder(Trunk("efficientnet-lite0"), 32).eval()
    for name, value in model.trunk.named_parameters():
        if name.endswith("weight"):
            torch.nn.init.kaiming_normal_(value)
        elif name.endswith("beta"):
            torch.nn.init.normal_(value, 0.1, 0.2)
    return model


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.randint(0, 256, (4, 3, SIDE, SIDE), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)


def outputs(model, pictures: torch.Tensor) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": pictures.permute(0, 2, 3, 1).contiguous().numpy()})


def run(model, pictures: torch.Tensor) -> np.ndarray:
    return outputs(model, pictures)[0]


def test_float_graphs_answer_as_pytorch(embedder, pictures):
    with torch.no_grad():
        expected = embedder(pictures).numpy()
    for precision in ("fp32", "fp16"):
        found = run(float_model(embedder, SIDE, precision, "test"), pictures)
        assert (found * expected).sum(1).min() > 0.999
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("bits", [7, 8])
def test_int8_graph_answers_as_fake_quantisation(embedder, pictures, bits):
    limits = calibrate(embedder.trunk, [(pictures.float() - 127) / 128], bits)
    student = Embedder(Trunk("efficientnet-lite0"), 32).eval()
    student.load_state_dict(embedder.state_dict())
    student.trunk = QuantisedTrunk(student.trunk, limits, bits)
    with torch.no_grad():
        expected = student(pictures).numpy()
    found = run(int8_model(embedder, SIDE, limits, bits, "test"), pictures)
    assert (found * expected).sum(1).mean() > 0.97  # random weights spread each step of rounding
    assert student.trunk.limits() == pytest.approx(limits, rel=1e-5)


def test_seven_bit_graph_clips_every_activation(embedder):
    limits = {name: 1.0 for name, _, _ in tensors(embedder.trunk)}
    graph = int8_model(embedder, SIDE, limits, 7, "test").graph
    quantised = [node.output[0] for node in graph.node if node.op_type == "QuantizeLinear"]
    clipped = [node.input[0] for node in graph.node if node.op_type == "Clip" and node.output[0].endswith(".q7")]
    assert quantised == clipped
    assert len(quantised) == len(tensors(embedder.trunk))


def last_map(trunk: torch.nn.Module, pictures: torch.Tensor, head: torch.nn.Module) -> np.ndarray:
    """What the trunk sends to its head convolution, channels last."""
    seen = []
    handle = head.register_forward_hook(lambda module, given, _: seen.append(given[0]))
    with torch.no_grad():
        trunk((pictures.float() - 127) / 128)
    handle.remove()
    return seen[0].permute(0, 2, 3, 1).numpy()


def test_map_is_what_the_head_convolution_reads(embedder, pictures):
    expected = last_map(embedder.trunk, pictures, embedder.trunk.head)
    assert expected.shape == (4, SIDE // 32, SIDE // 32, 320)
    for precision, tolerance in (("fp32", 1e-2), ("fp16", 2e-2)):
        vectors, found = outputs(float_model(embedder, SIDE, precision, "test", with_map=True), pictures)
        np.testing.assert_allclose(found, expected, atol=tolerance * np.abs(expected).max())
        np.testing.assert_array_equal(vectors, run(float_model(embedder, SIDE, precision, "test"), pictures))


def test_int8_map_is_made_of_seven_bit_integers(embedder, pictures):
    limits = calibrate(embedder.trunk, [(pictures.float() - 127) / 128], 7)
    _, found = outputs(int8_model(embedder, SIDE, limits, 7, "test", with_map=True), pictures)
    last = f"blocks.{len(embedder.trunk.blocks) - 1}.project"
    steps = found / quantisation(limits[last], True, 7).scale
    np.testing.assert_allclose(steps, steps.round(), atol=1e-3)
    assert -64 <= steps.min() and steps.max() <= 63 and steps.std() > 1


def test_rotation_brings_vectors_near_their_codes_and_keeps_cosines():
    generator = torch.Generator().manual_seed(0)
    codes = torch.where(torch.randn(500, 16, generator=generator) >= 0, 1.0, -1.0).double()
    turned = torch.linalg.qr(torch.randn(16, 16, generator=generator).double())[0]
    vectors = torch.nn.functional.normalize(codes @ turned + 0.3 * torch.randn(500, 16, generator=generator), dim=1)
    rotation = iterative_quantisation(vectors, iterations=100)
    torch.testing.assert_close(rotation.T @ rotation, torch.eye(16, dtype=torch.float64))
    distance = lambda x: (torch.where(x >= 0, 1.0, -1.0) / 4 - x).norm().item()
    assert distance(vectors @ rotation) < 0.9 * distance(vectors)


def test_quantisation_grids():
    assert quantisation(6.0, False, 7).scale == pytest.approx(6 / 127)
    assert (quantisation(6.4, True, 7).zero, quantisation(6.4, True, 7).scale) == (64, pytest.approx(0.1))


def test_proxy_softmax_is_cross_entropy_over_cosines():
    x = torch.nn.functional.normalize(torch.randn(5, 8), dim=1)
    proxies, labels = torch.randn(7, 8), torch.tensor([0, 1, 6, -1, 3])
    logits = x @ torch.nn.functional.normalize(proxies, dim=1).T / TEMPERATURE
    expected = torch.nn.functional.cross_entropy(logits[labels >= 0], labels[labels >= 0])
    assert ProxySoftmax(proxies)(x, labels).item() == pytest.approx(expected.item(), rel=1e-5)
    sampled = ProxySoftmax(proxies, 0.01)(x, labels)
    assert sampled.item() <= expected.item() + 1e-5  # a smaller sum below the fraction
    assert ProxySoftmax(proxies)(x, torch.full((5,), -1)).item() == 0


def test_distillation_of_itself_is_zero_and_sign_code_has_unit_length():
    x = torch.nn.functional.normalize(torch.randn(6, 16), dim=1)
    assert relational_distillation(x, x).item() == pytest.approx(0, abs=1e-6)
    assert sign_code(x).norm(dim=1).tolist() == pytest.approx([1.0] * 6)


def test_ranks_leave_out_and_count():
    vectors = np.eye(4, dtype=np.float32) + 0.1
    labels = np.array([0, 0, 1, 2])
    found = ranks(vectors, vectors, labels[:, None] == labels, np.eye(4, dtype=bool))
    assert (found[2:] == -1).all()  # nothing else has their label
    assert recall(found)["queries"] == 2
    assert (signs(np.array([[-0.1, 0.0, 2.0]])) == [[-1, 1, 1]]).all()


def test_augmentation_keeps_shape_and_range():
    images = torch.randint(0, 256, (3, 3, 80, 80), dtype=torch.uint8)
    once = augment(images, 64, torch.Generator().manual_seed(3))
    again = augment(images, 64, torch.Generator().manual_seed(3))
    assert once.shape == (3, 3, 64, 64) and once.min() >= 0 and once.max() <= 255
    assert torch.equal(once, again)


def test_trunks_have_their_published_sizes():
    sizes = {name: sum(p.numel() for p in Trunk(name).parameters() if p.ndim == 4) for name in ARCHITECTURES}
    assert sizes["efficientnet-lite0"] == pytest.approx(3.33e6, rel=0.01)
    assert sizes["mobilenet-v2"] == pytest.approx(2.19e6, rel=0.01)


def test_principal_projection_centres():
    features = torch.rand(200, 40) + 1
    weight = principal_projection(features, 8, layer_norm=False)
    assert (features @ weight.T).mean(0).abs().max() < 1e-4


def test_revision_is_the_hash_of_canonical_json():
    assert canonical({"b": [1, 2.0], "a": {"x": None}}) == '{"a":{"x":null},"b":[1,2]}'
    manifest = {
        "name": "m",
        "input": {},
        "preprocess": {},
        "output": {},
        "files": {"int8": {"sha256": "0"}},
        "metrics": {"r": 1},
    }
    assert revision(manifest) == revision({**manifest, "metrics": {}})
