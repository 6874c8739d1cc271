"""UniPinRec's ONNX graphs against the network: `python -m pytest models/unipinrec/tests`, no data needed."""

import hashlib
import json
import sys
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
import torch.nn.functional as F

sys.path[:0] = [str(Path(__file__).resolve().parents[at]) for at in (1, 2)]

from export import main, random_model, read_model
from network import Config, UniPinRec
from onnx_full import KINDS, Full
from onnx_graphs import Graphs
from onnx_writer import FORMS
from training.manifest import revision

CONFIG = Config(content=24, dimensions=16, width=32, layers=3, heads=4, action_width=8)
POSITIONS = 65
TOLERANCE = 1e-5
EXACT = [name for name, form in FORMS.items() if not form.int8]


@cache
def network() -> UniPinRec:
    """With weights that make attention and actions matter."""
    model = random_model(CONFIG, 1)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * 0.15)
    return model


@cache
def session(graph: str, form: str = "stock", precision: str = "fp32") -> onnxruntime.InferenceSession:
    writer = Graphs(network(), precision, FORMS[form], POSITIONS)
    model = Full(writer).graph(graph) if graph in KINDS else getattr(writer, graph)()
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def run(graph: str, form: str = "stock", precision: str = "fp32", **inputs: torch.Tensor) -> list[torch.Tensor]:
    half = precision == "fp16"
    feeds = {name: (x.half() if half and x.is_floating_point() else x).numpy() for name, x in inputs.items()}
    return [torch.from_numpy(x).float() for x in session(graph, form, precision).run(None, feeds)]


def drawn_history(batch: int, n: int, seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {
        "items": F.normalize(torch.randn(batch, n, CONFIG.dimensions, generator=generator), dim=-1),
        "actions": (torch.rand(batch, n, CONFIG.actions, generator=generator) < 0.4).float(),
        "gaps": torch.rand(batch, n, generator=generator) * 14,
        "surfaces": torch.randint(0, CONFIG.surfaces, (batch, n), generator=generator),
    }


def drawn_candidates(batch: int, k: int, seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1000 + seed)
    return {
        "items": F.normalize(torch.randn(batch, k, CONFIG.dimensions, generator=generator), dim=-1),
        "gap": torch.rand(batch, generator=generator) * 14,
        "surface": torch.randint(0, CONFIG.surfaces, (batch,), generator=generator),
    }


def start(batch: int) -> dict[str, torch.Tensor]:
    with torch.no_grad():
        keys, values = (x.expand(-1, batch, -1, -1, -1) for x in network().start_cache())
    return {"past_keys": keys, "past_values": values}


def largest(found: torch.Tensor, expected: torch.Tensor) -> float:
    assert found.shape == expected.shape
    return (found - expected).abs().max().item()


LENGTHS = torch.tensor([9, 5, 1])


@torch.no_grad()
def in_pytorch() -> tuple[torch.Tensor, ...]:
    """query, keys, values of three histories, and probabilities of seven candidates of each."""
    query, keys, values = network().history(**drawn_history(3, 9), lengths=LENGTHS, **start(3))
    said = network().candidates(**drawn_candidates(3, 7), keys=keys, values=values, lengths=LENGTHS + 1)
    return query, keys, values, said


@pytest.mark.parametrize("form", EXACT)
def test_graphs_answer_what_the_network_answers(form):
    query, keys, values, said = in_pytorch()
    found = run("history", form, **drawn_history(3, 9), lengths=LENGTHS, **start(3))
    assert largest(found[0], query) < TOLERANCE
    for row, length in enumerate(LENGTHS):
        assert largest(found[1][:, row, :, : length + 1], keys[:, row, :, : length + 1]) < TOLERANCE
        assert largest(found[2][:, row, :, : length + 1], values[:, row, :, : length + 1]) < TOLERANCE
    ranked = run("candidates", form, **drawn_candidates(3, 7), keys=keys, values=values, lengths=LENGTHS + 1)
    assert largest(ranked[0], said) < TOLERANCE
    content = torch.randn(5, CONFIG.content)
    assert largest(run("item", form, content=content)[0], network().item(content).detach()) < TOLERANCE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", EXACT)
def test_one_graph_over_history_and_candidates_gives_the_scores_of_two_steps(form, kind):
    ranked = drawn_candidates(3, 7)
    items = ranked.pop("items")
    found = run(kind, form, **drawn_history(3, 9), lengths=LENGTHS, candidates=items, **ranked)
    assert largest(found[0], in_pytorch()[3]) < TOLERANCE


@pytest.mark.parametrize("form", EXACT)
def test_new_tokens_after_a_cached_past_are_as_if_all_were_read_at_once(form):
    history = drawn_history(2, 12)
    whole = run("history", form, **history, lengths=torch.tensor([12, 12]), **start(2))
    past = start(2)
    for begin, end in ((0, 5), (5, 6), (6, 12)):
        part = {name: x[:, begin:end] for name, x in history.items()}
        query, *cache = run("history", form, **part, lengths=torch.full((2,), end - begin), **past)
        past = dict(zip(("past_keys", "past_values"), cache))
    assert largest(query, whole[0]) < TOLERANCE
    assert largest(past["past_keys"], whole[1]) < TOLERANCE
    assert largest(past["past_values"], whole[2]) < TOLERANCE


@pytest.mark.parametrize("form", EXACT)
def test_scores_depend_on_neither_order_nor_company(form):
    _, keys, values, said = in_pytorch()
    ranked, cache = drawn_candidates(3, 7), {"keys": keys, "values": values}
    order = torch.randperm(7, generator=torch.Generator().manual_seed(3))
    turned = run("candidates", form, **{**ranked, "items": ranked["items"][:, order]}, **cache, lengths=LENGTHS + 1)
    assert largest(turned[0], said[:, order]) < TOLERANCE
    for row, length in enumerate(LENGTHS):
        alone = {name: x[row : row + 1] for name, x in ranked.items()}
        exact = {name: x[:, row : row + 1, :, : length + 1] for name, x in cache.items()}
        for chosen in (slice(0, 7), slice(4, 5)):
            one = {**alone, "items": alone["items"][:, chosen]}
            found = run("candidates", form, **one, **exact, lengths=length[None] + 1)
            assert largest(found[0], said[row : row + 1, chosen]) < TOLERANCE


@pytest.mark.parametrize("form", EXACT)
def test_padding_is_never_seen(form):
    history, ranked = drawn_history(3, 9), drawn_candidates(3, 7)
    clean = run("history", form, **history, lengths=LENGTHS, **start(3))
    history["items"][1, 5:], history["gaps"][2, 1:], history["surfaces"][1, 5:] = 3, 99, 0
    query, keys, values = run("history", form, **history, lengths=LENGTHS, **start(3))
    assert largest(query, clean[0]) < TOLERANCE
    found = run("candidates", form, **ranked, keys=keys, values=values, lengths=LENGTHS + 1)
    assert largest(found[0], in_pytorch()[3]) < TOLERANCE


def test_surfaces_actions_gaps_and_order_of_the_history_matter():
    history = drawn_history(1, 6)
    expected = run("history", **history, lengths=torch.tensor([6]), **start(1))[0]
    changes = {
        "surfaces": (history["surfaces"] + 1) % CONFIG.surfaces,
        "actions": 1 - history["actions"],
        "gaps": history["gaps"] + 3,
        "items": history["items"].flip(1),
    }
    for name, value in changes.items():
        other = run("history", **{**history, name: value}, lengths=torch.tensor([6]), **start(1))[0]
        assert largest(other, expected) > 1e-3, name


@pytest.mark.parametrize("form", EXACT)
def test_half_precision_agrees_to_a_hundredth_and_ranks_alike(form):
    history, ranked, lengths = drawn_history(2, 40), drawn_candidates(2, 60), torch.tensor([40, 31])
    answers = {}
    for precision in ("fp32", "fp16"):
        query, keys, values = run("history", form, precision, **history, lengths=lengths, **start(2))
        said = run("candidates", form, precision, **ranked, keys=keys, values=values, lengths=lengths + 1)[0]
        answers[precision] = query, said
    query, said = (largest(answers["fp16"][at], answers["fp32"][at]) for at in (0, 1))
    assert 0 < query < 1e-2 and 0 < said < 1e-2
    for row in range(2):
        tops = [set(answers[precision][1][row, :, 2].topk(20).indices.tolist()) for precision in answers]
        assert len(tops[0] & tops[1]) >= 18


def test_weights_in_eight_bits_answer_nearly_the_same():
    query, keys, values, said = in_pytorch()
    found = run("history", "int8", **drawn_history(3, 9), lengths=LENGTHS, **start(3))
    assert 0 < largest(found[0], query) < 2e-2
    ranked = drawn_candidates(3, 7)
    two = run("candidates", "int8", **ranked, keys=found[1], values=found[2], lengths=LENGTHS + 1)[0]
    assert 0 < largest(two, said) < 2e-2
    items = ranked.pop("items")
    for kind in KINDS:
        one = run(kind, "int8", **drawn_history(3, 9), lengths=LENGTHS, candidates=items, **ranked)[0]
        assert largest(one, two) < TOLERANCE


def test_more_tokens_than_there_are_positions_are_refused():
    with pytest.raises(Exception, match="out of data bounds"):
        run("history", **drawn_history(1, POSITIONS), lengths=torch.tensor([POSITIONS]), **start(1))


def test_weights_beyond_half_precision_are_refused():
    model = random_model(CONFIG, 2)
    with torch.no_grad():
        model.token.weight[0, 0] = 1e5
    with pytest.raises(ValueError, match="fp16"):
        Graphs(model, "fp16", FORMS["stock"], POSITIONS).history()


def test_a_checkpoint_becomes_files_that_the_manifest_names(tmp_path):
    checkpoint, out = tmp_path / "model.pt", tmp_path / "out"
    torch.save({"config": network().about(), "state_dict": network().state_dict()}, checkpoint)
    main([str(checkpoint), "--out", str(out), "--max-history", "64", "--content-model", "itemsage@0123456789ab"])
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["content"] == {"model": "itemsage@0123456789ab", "dimensions": CONFIG.content}
    assert [manifest[key] for key in ("layers", "heads", "head_dimensions", "dimensions")] == [3, 4, 8, 16]
    assert set(manifest["graphs"]) == {"item", "history", "candidates"}
    files = [file for graph in manifest["graphs"].values() for file in graph["files"].values()] + [manifest["start"]]
    assert len(files) == 7
    for file in files:
        data = (out / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    shapes = {one["name"]: one["shape"] for one in manifest["graphs"]["history"]["inputs"]}
    assert shapes["items"] == [-1, -1, 16] and shapes["past_keys"] == [3, -1, 4, -1, 8]

    keys, values = np.frombuffer((out / manifest["start"]["path"]).read_bytes(), "<f4").reshape(2, 3, 4, 8)
    expected = start(1)
    assert largest(torch.tensor(keys), expected["past_keys"][:, 0, :, 0]) == 0
    assert largest(torch.tensor(values), expected["past_values"][:, 0, :, 0]) == 0
    content = torch.randn(4, CONFIG.content)
    graph = onnxruntime.InferenceSession(out / "unipinrec.item.fp32.onnx", providers=["CPUExecutionProvider"])
    found = graph.run(None, {"content": content.numpy()})[0]
    assert largest(torch.tensor(found), read_model(checkpoint).item(content).detach()) < TOLERANCE


def test_the_revision_names_weights_and_limits_but_not_words():
    entry = {"inputs": [], "outputs": [], "files": {"fp32": {"path": "a", "bytes": 1, "sha256": "00"}}}
    manifest = {"name": "unipinrec", "graphs": {"item": entry}, "start": {"sha256": "11"}, "max_history": 256}
    own = revision(manifest)
    assert revision({**manifest, "description": "other words"}) == own
    for change in ({"max_history": 128}, {"start": {"sha256": "12"}}, {"actions": ["click"]}):
        assert revision({**manifest, **change}) != own
    other = {**entry, "files": {"fp32": {"path": "a", "bytes": 1, "sha256": "01"}}}
    assert revision({**manifest, "graphs": {"item": other}}) != own
