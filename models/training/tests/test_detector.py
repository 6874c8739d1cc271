"""The detector's parts: python -m pytest models/training/tests"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from training.detection import IGNORED, NONE, assign, detections, ignored_places, losses, overlaps
from training.mosaic import Boxed, mosaics
from training.yolox import Yolox, convolutions, decode, focus_weight, fold_batch_norm, restore_batch_norm
from training.yolox_onnx import PARTS, float_model, int8_model
from training.yolox_quantisation import QuantisedYolox, best_range, calibrate, owners
from training.yolox_steps import run, trace

SIDE = 64


@pytest.fixture
def network() -> Yolox:
    torch.manual_seed(0)
    result = Yolox(classes=3)
    result.stem.conv.padding = (2, 2)
    for module in convolutions(result):  # sums of about unit size everywhere
        torch.nn.init.normal_(module.conv.weight, std=1.4 / module.conv.weight[0].numel() ** 0.5)
    result.stem.conv.weight.data /= 100
    return result.eval()


@pytest.fixture
def pixels() -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(0, 256, (2, 3, SIDE, SIDE), generator=generator).float()


def test_focus_layer_is_a_convolution_of_stride_two():
    generator = torch.Generator().manual_seed(0)
    weight, x = torch.randn(4, 12, 3, 3, generator=generator), torch.randn(1, 3, 16, 16, generator=generator)
    focus = torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1)
    wanted = torch.nn.functional.conv2d(focus, weight, padding=1)
    folded = torch.from_numpy(focus_weight(weight.numpy()))
    assert torch.allclose(torch.nn.functional.conv2d(x, folded, stride=2, padding=2), wanted, atol=1e-4)


@torch.no_grad()
def test_normalisation_comes_and_goes_without_a_change(network, pixels):
    wanted = [part for level in network(pixels) for part in level]
    restore_batch_norm(network, pixels)
    assert all(module.norm is not None for module in convolutions(network) if module.active)
    restored = [part for level in network(pixels) for part in level]
    fold_batch_norm(network)
    folded = [part for level in network(pixels) for part in level]
    for a, b, c in zip(wanted, restored, folded):
        assert torch.allclose(a, b, atol=1e-3) and torch.allclose(a, c, atol=1e-3)


@torch.no_grad()
def test_steps_compute_the_network(network, pixels):
    steps, levels = trace(network)
    for wanted, actual in zip(network(pixels), run(steps, levels, pixels)):
        assert all(torch.equal(a, b) for a, b in zip(wanted, actual))


@torch.no_grad()
def test_float_graph_is_the_network(network, pixels):
    session = ort.InferenceSession(float_model(network, SIDE, "test").SerializeToString())
    outputs = dict(zip([o.name for o in session.get_outputs()], session.run(None, {"image": rgb(pixels)})))
    for stride, level in zip((8, 16, 32), network(pixels)):
        for part, wanted in zip(PARTS, level):
            actual = torch.from_numpy(outputs[f"{part}{stride}"]).permute(0, 3, 1, 2)
            assert actual.shape == wanted.shape
            assert (actual - wanted).abs().max() < 0.02 * wanted.abs().max() + 0.01  # weights are stored in fp16


@torch.no_grad()
def test_int8_graph_is_what_training_simulates(network, pixels):
    quantisations = calibrate(network, [pixels])
    wanted = [part for level in QuantisedYolox(network, quantisations)(pixels) for part in level]
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(int8_model(network, quantisations, SIDE, "test").SerializeToString(), options)
    actual = [torch.from_numpy(part).permute(0, 3, 1, 2) for part in session.run(None, {"image": rgb(pixels)})]
    floats = [part for level in network(pixels) for part in level]
    for a, b, real in zip(actual, wanted, floats):
        # Ties in rounding multiply on their way, so single numbers differ; the distance to the float network agrees.
        assert (b - real).abs().mean() < 2 * (a - real).abs().mean() + 1e-4
        assert (a - real).abs().mean() < 2 * (b - real).abs().mean() + 1e-4


def rgb(pixels: torch.Tensor) -> np.ndarray:
    return pixels.flip(1).permute(0, 2, 3, 1).numpy().astype(np.uint8)


def test_a_tensor_that_only_a_concatenation_reads_is_rounded_as_that(network):
    steps, levels = trace(network)
    owner = owners(steps, levels)
    assert owner["dark5.1.pool5"] == owner["dark5.1.before"] == "dark5.1.cat"
    assert owner["up5"] == owner["lateral"] == "lateral"  # two concatenations read it
    assert not any(name in owner for level in levels for name in level)


def test_range_search_clips_outliers_but_keeps_zero():
    counts = torch.zeros(1000, dtype=torch.float64)
    counts[300:400], counts[999] = 1000, 1  # -4..-2 of -10..10, and one value at the end
    found = best_range(counts, -10.0, 10.0, 127)
    assert 0 <= found.zero <= 127 and -found.zero * found.scale <= -3.9 and (127 - found.zero) * found.scale < 6


def test_overlaps_of_known_boxes():
    a = torch.tensor([[[0.0, 0, 2, 2]]])
    b = torch.tensor([[[0.0, 0, 2, 2], [1, 1, 3, 3], [5, 5, 6, 6]]])
    assert torch.allclose(overlaps(a, b), torch.tensor([[[1.0, 1 / 7, 0]]]), atol=1e-5)


def test_detections_drop_the_weaker_of_two_of_a_class_only():
    boxes = torch.tensor([[[0.0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 10]]])
    scores = torch.tensor([[[0.9, 0], [0.8, 0], [0, 0.7]]])
    _, kept, kinds = detections(boxes, scores, 3, 0.5)
    assert kept[0].tolist() == pytest.approx([0.9, 0.7, 0]) and kinds[0, :2].tolist() == [0, 1]


def test_objects_take_places_inside_them_and_ignored_regions_are_not_background():
    network = Yolox(classes=3)
    network.stem.conv.padding = (2, 2)
    boxes, objectness, classes, places = decode(network(torch.zeros(1, 3, SIDE, SIDE)))
    targets = torch.tensor([[[0.0, 0, 32, 32], [40, 40, 64, 64], [0, 0, 0, 0]]])
    labels = torch.tensor([[1, IGNORED, NONE]])
    found = assign(boxes, objectness, classes, places, targets, labels)
    centres = places[found.positive[0], :2]
    assert len(centres) >= 1 and (centres < 32 + 2.5 * 32).all() and (found.object[found.positive] == 0).all()
    ignored = ignored_places(places, targets, labels)[0]
    assert ignored.sum() == 9 + 1 + 1 and (places[ignored, :2] > 40).all()
    parts, _ = losses(boxes, objectness, classes, places, targets, labels)
    sum(parts.values()).backward()
    assert all(torch.isfinite(value) for value in parts.values())


def test_mosaics_move_boxes_with_their_pixels():
    """White rectangles on black: wherever a box is, its picture is white inside and the labels stay."""
    side, count = 96, 24
    images = torch.zeros(4, 3, side, side, dtype=torch.uint8)
    boxes = torch.tensor([[[10.0, 20, 60, 70]], [[30, 5, 80, 50]], [[5, 5, 50, 90]], [[40, 40, 90, 90]]])
    for image, (box,) in zip(images, boxes.int().tolist()):
        image[:, box[1] : box[3], box[0] : box[2]] = 255
    source = Boxed(images, torch.full((4, 2), side), boxes, torch.arange(4)[:, None])
    generator = torch.Generator().manual_seed(0)
    chosen = torch.randint(4, (count, 4), generator=generator)
    for share in (0.0, 1.0):
        pixels, moved, labels = mosaics(source, chosen, side, generator, share)
        seen = 0
        for picture, corners, kinds in zip(pixels, moved, labels):
            for (x0, y0, x1, y1), kind in zip(corners.tolist(), kinds.tolist()):
                if kind < 0:
                    continue
                seen += 1
                inside = picture[:, int(y0) + 2 : int(y1) - 1, int(x0) + 2 : int(x1) - 1]
                assert inside.numel() == 0 or inside.mean() > picture.mean()
        assert seen > count // 2
