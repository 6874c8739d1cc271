"""Losses and the learner on small data."""

import math

import pytest
import torch
import torch.nn.functional as F

from interleaved import Interleaved
from learner import Learner, Objective, liked
from logs import HIDE, SAVE, Batch
from losses import action_loss, full_item_loss, sampled_item_loss
from network import ACTIONS, Config
from schedule import Steps

C = len(ACTIONS)
SMALL = Config(dimensions=16, width=32, layers=2, heads=2, action_width=8, dropout=0.0)


def unit(*shape: int, seed: int = 0) -> torch.Tensor:
    return F.normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)), dim=-1)


def test_the_full_softmax_of_no_knowledge_costs_the_log_of_the_catalogue():
    vectors = unit(1, 8).expand(50, -1)
    loss = full_item_loss(unit(4, 8, seed=1), torch.tensor([0, 1, 2, -100]), vectors, torch.tensor(0.1))
    assert loss.item() == pytest.approx(math.log(50), abs=1e-5)


def test_the_sampled_softmax_over_everything_is_the_full_one():
    vectors, queries, targets = unit(20, 8), unit(6, 8, seed=1), torch.arange(6)
    even = torch.full((20,), -math.log(20))
    args = (queries, targets, torch.arange(6), vectors, torch.arange(20), even, torch.tensor(0.2))
    # A target of the batch is no negative of its own query, and stands as the positive instead.
    torch.testing.assert_close(sampled_item_loss(*args), full_item_loss(queries, targets, vectors, torch.tensor(0.2)))


def test_a_persons_own_targets_are_no_negatives_of_theirs():
    vectors, targets = unit(20, 8), torch.tensor([3, 7])
    queries = vectors[[7, 3]]  # each next to the other's target
    drawn, even, temperature = torch.tensor([1]), torch.full((20,), -math.log(20)), torch.tensor(0.05)
    one = sampled_item_loss(queries, targets, torch.tensor([0, 0]), vectors, drawn, even, temperature)
    two = sampled_item_loss(queries, targets, torch.tensor([0, 1]), vectors, drawn, even, temperature)
    assert one < two - 1


def test_the_correction_spares_what_is_popular():
    """The same negative, once as common in the stream and once as rare: log Q takes from its score."""
    vectors, targets, drawn = unit(20, 8), torch.tensor([3, 7]), torch.tensor([1])
    args = (unit(2, 8, seed=4), targets, torch.tensor([0, 1]), vectors, drawn)

    def loss(popular: int) -> float:
        share = torch.full((20,), 0.01)
        share[popular] = 0.8
        return sampled_item_loss(*args, share.log(), torch.tensor(0.1)).item()

    # Item 1 is the drawn negative of both; item 15 is in no pool.
    assert loss(1) < loss(15)


def action_arguments(k: int = 3) -> dict:
    return {
        "past_logits": torch.zeros(2, 4, C),
        "past_actions": torch.zeros(2, 4, C),
        "masked": torch.zeros(2, 4, dtype=torch.bool),
        "slate_logits": torch.zeros(2, k, C),
        "slate_actions": torch.ones(2, k, C),
        "slate_real": torch.ones(2, k, dtype=torch.bool),
        "weights": torch.ones(C),
    }


def test_only_masked_tokens_and_real_candidates_count():
    args = action_arguments()
    base = action_loss(**args).item()
    assert base == pytest.approx(C * math.log(2), abs=1e-5)  # nothing masked: candidates alone
    args["past_logits"][0, 1] = 50.0  # wrong, and not masked
    assert action_loss(**args).item() == pytest.approx(base)
    args["masked"][0, 1] = True
    assert action_loss(**args).item() == pytest.approx(base + 50 * C, rel=1e-4)
    args["slate_logits"][0, 2], args["slate_real"][0, 2] = -70.0, False
    assert action_loss(**args).item() == pytest.approx(base + 50 * C, rel=1e-4)


def test_every_slate_weighs_the_same_whatever_its_length():
    args = action_arguments()
    args["slate_real"][1, 1:] = False
    args["slate_logits"][1] = -3.0
    wrong = F.softplus(torch.tensor(3.0)).item()
    assert action_loss(**args).item() == pytest.approx(C * (math.log(2) + wrong) / 2, abs=1e-5)


def test_weights_are_those_of_the_actions():
    args = action_arguments() | {"weights": torch.tensor([0.0, 0.0, 2.0, 0.0, 0.0])}
    assert action_loss(**args).item() == pytest.approx(2 * math.log(2), abs=1e-5)


def test_hidden_items_are_not_liked():
    actions = torch.zeros(3, C)
    actions[1, SAVE], actions[2, SAVE], actions[2, HIDE] = 1, 1, 1
    assert liked(actions).tolist() == [False, True, False]


def batch(people: int = 32, n: int = 6, k: int = 4, count: int = 40) -> Batch:
    """People who save what follows their latest item in the catalogue, and hide the rest of the slate."""
    generator = torch.Generator().manual_seed(0)
    first = torch.randint(0, count, (people, 1), generator=generator)
    items = (first + torch.arange(n)) % count
    actions = torch.zeros(people, n, C)
    actions[..., SAVE] = 1
    lengths = torch.randint(2, n + 1, (people,), generator=generator)
    last = items.gather(1, lengths[:, None] - 1)
    slate = (last + torch.tensor([1, 4, 5, 6])[:k]) % count
    slate_actions = torch.zeros(people, k, C)
    slate_actions[:, 0, SAVE] = 1
    slate_actions[:, 1:, HIDE] = 1
    return Batch(
        items, actions, torch.zeros(people, n), torch.zeros(people, n, dtype=torch.long), lengths, slate, slate_actions,
        torch.ones(people, k, dtype=torch.bool), torch.zeros(people), torch.zeros(people, dtype=torch.long),
    )  # fmt: skip


@pytest.mark.parametrize("kind", [Learner, Interleaved])
@pytest.mark.parametrize("softmax", ["full", "sampled"])
def test_both_forms_learn_retrieval_and_ranking_together(kind, softmax):
    torch.manual_seed(0)
    learner, data = kind(SMALL, 40), batch()
    objective = Objective(softmax=softmax, random=16)
    log_share = torch.full((40,), -math.log(40))
    steps = Steps(list(learner.parameters()), 3e-3, 0.0, 200, torch.device("cpu"))
    for _ in range(200):
        steps.step(learner.loss(data, objective, log_share))
    learner.eval()
    with torch.no_grad():
        vectors = learner.table()
        said = learner.says(data, vectors, torch.zeros_like(data.real))
        last = said.queries[torch.arange(32), data.lengths - 1]
        found = (learner.network.queries(last) @ vectors.T).argmax(1)
        saves = learner.network.action_logits(said.slate)[..., SAVE].argmax(1)
    assert (found == data.slate[:, 0]).float().mean() > 0.9
    assert (saves == 0).float().mean() > 0.9


def test_an_interleaved_item_token_does_not_see_its_own_actions():
    torch.manual_seed(0)
    learner, data = Interleaved(SMALL, 40).eval(), batch()
    other = Batch(**(vars(data) | {"actions": 1 - data.actions}))
    none = torch.zeros_like(data.real)
    with torch.no_grad():
        vectors = learner.table()
        one, two = (learner.says(some, vectors, none) for some in (data, other))
    torch.testing.assert_close(one.past[:, 0], two.past[:, 0])
    assert not torch.allclose(one.past[:, 1], two.past[:, 1], atol=1e-4)
    assert not torch.allclose(one.queries[:, 0], two.queries[:, 0], atol=1e-4)


def test_with_content_training_starts_at_what_is_like_the_latest_item():
    torch.manual_seed(0)
    content = unit(60, 64)
    learner = Learner(Config(content=64, dimensions=64, width=48, layers=2, heads=2), 60, content).eval()
    data = batch(count=60)
    with torch.no_grad():
        vectors = learner.table()
        torch.testing.assert_close(vectors, content)
        said = learner.says(data, vectors, torch.zeros_like(data.real))
        last = data.lengths - 1
        found = (learner.network.queries(said.queries[torch.arange(32), last]) @ vectors.T).argmax(1)
    assert (found == data.items[torch.arange(32), last]).float().mean() > 0.9
