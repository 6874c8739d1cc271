"""python -m pytest models/shop-the-look/tests: seconds on a CPU, no data needed."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]

from funnel_outfits import Garment, crossover, found_by
from funnel_rooms import by_chance
from funnel_scenes import NEVER, SIDE, Scene, best_rank, crop_view, rank
from funnel_statistics import Bootstrap, gain, mean

SEED = 0


def scene(vectors: np.ndarray, kinds: list[int], boxes: list[list[float]] | None = None) -> Scene:
    corners = np.array(boxes if boxes else np.zeros((len(kinds), 4))).reshape(-1, 4)
    return Scene(corners, np.array(kinds, int), vectors, np.zeros(2))


def test_a_gate_leaves_out_better_products_of_other_categories():
    similar = np.array([0.9, 0.8, 0.7])
    assert rank(similar, 2) == 3
    assert rank(similar, 2, np.array([True, False, True])) == 2
    assert rank(similar, 2, np.array([True, True, False])) == NEVER


def test_the_best_crop_counts_and_a_gated_crop_looks_only_in_its_category():
    gallery = np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]])
    seen = scene(np.array([[1.0, 0.0], [0.0, 1.0]]), [5, 7])
    assert best_rank(seen, gallery, 2, None) == 1
    assert best_rank(seen, gallery, 2, np.array([5, 5, 5])) == 3  # by the first crop
    assert best_rank(seen, gallery, 2, np.array([5, 5, 9])) == NEVER
    assert best_rank(seen, gallery, 2, None, np.array([0])) == 3
    assert best_rank(scene(np.zeros((0, 2)), []), gallery, 0, None) == NEVER


def test_a_detection_of_either_shoe_finds_the_pair():
    shoes = Garment(0, "shoes", 7, np.array([[0.1, 0.8, 0.3, 1.0], [0.5, 0.8, 0.6, 0.9]]))
    seen = scene(np.zeros((3, 2)), [7, 7, 7], [[0.0, 0.0, 1, 1], [0.5, 0.8, 0.6, 0.9], [0.1, 0.8, 0.3, 0.95]])
    assert found_by(seen, shoes).tolist() == [1, 2]


def test_a_crop_is_widened_and_stays_inside_the_picture():
    pixels = np.zeros((100, 100, 3), np.uint8)
    pixels[:, 62:] = 255  # 0.12 of 50 beyond a box that ends at 50 is 56: no white yet
    image = Image.fromarray(pixels)
    assert crop_view(image, (0, 0, 0.5, 1)).shape == (SIDE, SIDE, 3)
    assert crop_view(image, (0, 0, 0.5, 1)).max() == 0
    assert crop_view(image, (0, 0, 0.6, 1)).max() == 255
    assert crop_view(image, (0.999, 0.999, 1, 1)).min() == 255


def test_intervals_hold_the_value_and_shrink_with_more_scenes():
    generator = np.random.default_rng(SEED)
    hit = generator.random(4000) < 0.3
    few, many = (Bootstrap(np.arange(count)).percent(mean(hit[:count])) for count in (100, 4000))
    assert many["value"] == pytest.approx(100 * hit.mean(), abs=0.051)
    low, high = many["interval"]
    assert low < many["value"] < high
    assert few["interval"][1] - few["interval"][0] > 3 * (high - low)


def test_cases_of_one_scene_are_drawn_together():
    hit = np.repeat([1.0, 0.0] * 10, 50)
    together, alone = (Bootstrap(scenes).percent(mean(hit)) for scenes in (np.repeat(np.arange(20), 50), np.arange(1000)))
    width = lambda one: one["interval"][1] - one["interval"][0]  # noqa: E731
    assert width(together) > 3 * width(alone)


def test_a_gain_is_relative():
    ranks = np.array([1, 1, 1, 2]), np.array([1, 2, 2, 2])
    assert gain(Bootstrap(np.arange(4)), *ranks)["value"] == 200


def test_the_gate_pays_above_the_accuracy_at_the_crossing():
    # Two categories of two: gated each finds itself, not gated only half of them do.
    similar, kinds = np.eye(4), np.array([0, 0, 1, 1])
    similar[1, 2] = similar[3, 0] = 2
    ungated, gated = np.array([1, 2, 1, 2]), np.ones(4, int)
    found = crossover(similar, kinds, Bootstrap(np.arange(4)), ungated, gated)
    assert found["accuracy at the crossing"]["value"] == 50
    curve = dict(map(tuple, found["gated, by accuracy of the category"]))
    assert curve[1.0] == 100
    assert curve[0.8] > found["without gate"] > curve[0.2]


def test_chance_counts_every_crop_and_the_size_of_the_gallery():
    assert by_chance(np.array([1.0]), np.array([10.0]), 5) == 50
    assert by_chance(np.array([2.0]), np.array([10.0]), 5) == 75
    assert by_chance(np.array([0.0]), np.array([10.0]), 5) == 0
    assert by_chance(np.array([3.0]), np.array([4.0]), 5) == 100
