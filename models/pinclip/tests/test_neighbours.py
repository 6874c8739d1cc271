"""The walks and the head of the neighbour experiment: `python -m pytest models/pinclip/tests`, no data needed."""

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import neighbours
from neighbours import RESTART, STEPS, Graph, Head, found, together, visits


def test_visits_come_as_often_as_the_solved_walk_says():
    items, boards = np.array([0, 1, 2, 2, 3]), np.array([0, 0, 0, 1, 1])
    edges = np.zeros((5, 2))  # item 4 is on no board
    edges[items, boards] = 1
    step = (edges[:4] / edges[:4].sum(1, keepdims=True)) @ (edges[:4] / edges[:4].sum(0)).T
    # where a step ends, of walks of geometric length: sum over k of r (1 - r)^(k - 1) P^k
    expected = RESTART * step @ np.linalg.inv(np.eye(4) - (1 - RESTART) * step)
    np.fill_diagonal(expected, 0)
    mean = np.mean([visits(items, boards, 5, seed) for seed in range(20)], axis=0) / STEPS
    assert np.abs(mean[:4, :4] - expected).max() < 0.01
    assert not mean[4].any() and not mean[:, 4].any()


def test_edges_of_items_that_are_not_learned_are_never_walked():
    empty = torch.zeros(4, neighbours.DIMENSIONS)
    graph = Graph(empty, empty, ["a", "b", "c", "d"], np.array([0, 1, 2, 3]), np.array([0, 0, 0, 0]))
    neighbours.KEPT, kept = 3, neighbours.KEPT
    ids, counts = neighbours.neighbours(graph, np.array([True, True, True, False]), 0)
    neighbours.KEPT = kept
    assert 3 not in ids.tolist()[0] and (ids[3] == -1).all()
    assert counts[0].sum() > 0 and together(graph)[0].tolist() == [False, True, True, True]


def test_an_untrained_head_answers_what_ships():
    image, text = (torch.nn.functional.normalize(torch.randn(3, neighbours.DIMENSIONS), dim=1) for _ in range(2))
    head = Head()
    torch.testing.assert_close(head.apart(image, text), (image, text))
    torch.testing.assert_close(head.fused(image, text), torch.nn.functional.normalize(image + text, dim=1))


def test_recall_is_the_share_of_what_is_right_among_the_first():
    scores = -torch.arange(100.0).expand(2, -1)
    right = torch.zeros(2, 100, dtype=torch.bool)
    right[0, [3, 20, 70, 80]] = True  # the second query has nothing to find
    assert found(scores, right) == {"r10": 0.25, "r50": 0.5, "any10": 1.0, "queries": 1}
