"""The network in one step and in two: `python -m pytest models/unipinrec/tests`, no data needed."""

import pytest
import torch
import torch.nn.functional as F

from network import ACTIONS, SURFACES, Config, UniPinRec

SMALL = Config(content=8, dimensions=16, width=32, layers=3, heads=4, action_width=8, dropout=0.1)
BATCH, N, K = 3, 12, 7
TOLERANCE = {"atol": 2e-6, "rtol": 1e-5}


@pytest.fixture(scope="module")
def model() -> UniPinRec:
    torch.manual_seed(0)
    made = UniPinRec(SMALL).eval()
    # Zeros at the start: gaps and surfaces would not be tested.
    torch.nn.init.normal_(made.gap.weight, std=0.3)
    torch.nn.init.normal_(made.surface.weight, std=0.3)
    return made


def history(seed: int = 0, batch: int = BATCH, n: int = N) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {
        "items": F.normalize(torch.randn(batch, n, SMALL.dimensions, generator=generator), dim=-1),
        "actions": torch.randint(0, 2, (batch, n, len(ACTIONS)), generator=generator).float(),
        "gaps": 10 * torch.rand(batch, n, generator=generator),
        "surfaces": torch.randint(0, len(SURFACES), (batch, n), generator=generator),
    }


def candidates(seed: int = 1, batch: int = BATCH, k: int = K) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {
        "items": F.normalize(torch.randn(batch, k, SMALL.dimensions, generator=generator), dim=-1),
        "gap": 10 * torch.rand(batch, generator=generator),
        "surface": torch.randint(0, len(SURFACES), (batch,), generator=generator),
    }


def prefilled(model: UniPinRec, tokens: dict, lengths: torch.Tensor):
    keys, values = (one.expand(-1, len(lengths), -1, -1, -1) for one in model.start_cache())
    return model.history(**tokens, lengths=lengths, past_keys=keys, past_values=values)


def at_once(model: UniPinRec, tokens: dict, lengths: torch.Tensor, slate: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Queries and probabilities of one sequence START, history, candidates: the full prefill."""
    k = slate["items"].shape[1]
    nothing = torch.zeros(*tokens["items"].shape[:2], dtype=torch.bool)
    past = model.tokens(tokens["items"], tokens["actions"], nothing, tokens["gaps"], tokens["surfaces"])
    own = model.tokens(
        slate["items"],
        torch.zeros(*slate["items"].shape[:2], len(ACTIONS)),
        torch.ones(*slate["items"].shape[:2], dtype=torch.bool),
        slate["gap"][:, None].expand(-1, k),
        slate["surface"][:, None].expand(-1, k),
    )
    said = model.sequence(past, lengths, own)
    last = said[torch.arange(len(lengths)), lengths]
    return model.queries(last), model.action_logits(said[:, -k:]).sigmoid()


@torch.no_grad()
def test_two_steps_on_shared_keys_and_values_say_what_one_sequence_says(model):
    tokens, slate, lengths = history(), candidates(), torch.tensor([N, 5, 1])
    query, keys, values = prefilled(model, tokens, lengths)
    probabilities = model.candidates(**slate, keys=keys, values=values, lengths=lengths + 1)
    expected_query, expected = at_once(model, tokens, lengths, slate)
    torch.testing.assert_close(query, expected_query, **TOLERANCE)
    torch.testing.assert_close(probabilities, expected, **TOLERANCE)


@torch.no_grad()
def test_a_candidate_does_not_depend_on_the_others_their_order_or_the_batch(model):
    tokens, slate, lengths = history(), candidates(), torch.tensor([N, 5, 1])
    _, keys, values = prefilled(model, tokens, lengths)
    together = model.candidates(**slate, keys=keys, values=values, lengths=lengths + 1)
    order = torch.randperm(K, generator=torch.Generator().manual_seed(2))
    turned = model.candidates(**(slate | {"items": slate["items"][:, order]}), keys=keys, values=values, lengths=lengths + 1)
    torch.testing.assert_close(turned, together[:, order], **TOLERANCE)
    alone = model.candidates(
        slate["items"][1:2, 3:4], slate["gap"][1:2], slate["surface"][1:2], keys[:, 1:2], values[:, 1:2], lengths[1:2] + 1
    )
    torch.testing.assert_close(alone, together[1:2, 3:4], **TOLERANCE)


@torch.no_grad()
def test_what_stands_in_the_padding_changes_nothing(model):
    tokens, slate, lengths = history(), candidates(), torch.tensor([N, 5, 1])
    other = history(seed=9)
    padding = torch.arange(N) >= lengths[:, None]
    disturbed = {
        name: torch.where(padding[..., None] if value.ndim == 3 else padding, other[name], value)
        for name, value in tokens.items()
    }
    for one, two in zip(at_once(model, tokens, lengths, slate), at_once(model, disturbed, lengths, slate)):
        torch.testing.assert_close(one, two, **TOLERANCE)
    first, second = (prefilled(model, some, lengths) for some in (tokens, disturbed))
    torch.testing.assert_close(first[0], second[0], **TOLERANCE)
    answers = [model.candidates(**slate, keys=k, values=v, lengths=lengths + 1) for _, k, v in (first, second)]
    torch.testing.assert_close(*answers, **TOLERANCE)


@torch.no_grad()
@pytest.mark.parametrize("cut", [1, 4, N - 1])
def test_appended_tokens_equal_a_recomputed_history(model, cut):
    tokens, lengths = history(), torch.full((BATCH,), N)
    first = {name: value[:, :cut] for name, value in tokens.items()}
    rest = {name: value[:, cut:] for name, value in tokens.items()}
    _, keys, values = prefilled(model, first, torch.full((BATCH,), cut))
    appended = model.history(**rest, lengths=lengths - cut, past_keys=keys, past_values=values)
    for one, two in zip(appended, prefilled(model, tokens, lengths)):
        torch.testing.assert_close(one, two, **TOLERANCE)


@torch.no_grad()
def test_training_without_candidates_takes_the_causal_path_and_says_the_same(model):
    tokens, slate, lengths = history(), candidates(), torch.tensor([N, 5, 1])
    nothing = torch.zeros(BATCH, N, dtype=torch.bool)
    past = model.tokens(tokens["items"], tokens["actions"], nothing, tokens["gaps"], tokens["surfaces"])
    said = model.sequence(past, lengths)
    query, _ = at_once(model, tokens, lengths, slate)
    torch.testing.assert_close(model.queries(said[torch.arange(BATCH), lengths]), query, **TOLERANCE)


@torch.no_grad()
def test_a_token_sees_nothing_later(model):
    tokens, lengths = history(), torch.full((BATCH,), N)
    nothing = torch.zeros(BATCH, N, dtype=torch.bool)
    later = {name: value.clone() for name, value in tokens.items()}
    later["items"][:, 6:], later["actions"][:, 6:] = 0, 1
    said = [
        model.sequence(model.tokens(one["items"], one["actions"], nothing, one["gaps"], one["surfaces"]), lengths)
        for one in (tokens, later)
    ]
    torch.testing.assert_close(said[0][:, :7], said[1][:, :7], **TOLERANCE)
    assert not torch.allclose(said[0][:, 7:], said[1][:, 7:], atol=1e-3)


@torch.no_grad()
def test_masked_actions_are_not_seen(model):
    tokens = history()
    masked = torch.ones(BATCH, N, dtype=torch.bool)
    said = [
        model.tokens(tokens["items"], actions, masked, tokens["gaps"], tokens["surfaces"])
        for actions in (tokens["actions"], 1 - tokens["actions"])
    ]
    assert torch.equal(*said)
    seen = model.tokens(tokens["items"], tokens["actions"], ~masked, tokens["gaps"], tokens["surfaces"])
    assert not torch.allclose(seen, said[0], atol=1e-3)
