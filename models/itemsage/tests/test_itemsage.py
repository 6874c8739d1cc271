"""ItemSage's network, graph, queries and losses: `python -m pytest models/itemsage/tests`, no data needed."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dataset import Shelf, content
from evaluate import mixture, precision10, rank_of_own, recall10
from features import cached
from graph import item_graph
from network import DIMENSIONS, PICTURE, PICTURES, Concatenation, ItemSage
from products import Product
from queries import queries, stem, without
from train import Recipe, drawn, satisfied, train
from training.ngrams import MAX_NGRAMS

RED = Product(
    "shop",
    "1",
    [],
    {
        "title": "Linnea wrap dress in red silk",
        "description": "A dress for warm evenings.",
        "category": "dresses",
        "attributes": "colour: red, material: silk",
    },
    {"colour": "red", "type": "wrap dress"},
)


def inputs(count: int, seed: int = 0) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    pictures = F.normalize(torch.randn(count, PICTURES, PICTURE, generator=generator), dim=-1)
    texts = F.normalize(torch.randn(count, 4, DIMENSIONS, generator=generator), dim=-1)
    ngrams = torch.randint(1, 2**31 - 1, (count, 4, MAX_NGRAMS), generator=generator, dtype=torch.int32)
    pictures[0], pictures[1, 2:] = 0, 0
    texts[1], texts[2, 1:] = 0, 0
    ngrams[1], ngrams[2, :, 10:] = 0, 0
    return [pictures, texts, ngrams]


@pytest.fixture(scope="module")
def model() -> ItemSage:
    torch.manual_seed(0)
    made = ItemSage().eval()
    torch.nn.init.normal_(made.out[-1].weight, std=0.05)
    return made


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Forty products of ten kinds, which every encoder sees in directions of its own."""
    draw = np.random.default_rng(0)
    kinds = np.arange(40) % 10

    def near(which: np.ndarray) -> np.ndarray:
        centres = draw.normal(size=(10, DIMENSIONS))
        made = centres[which] + 0.6 * draw.normal(size=(len(which), DIMENSIONS))
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)

    pictures = np.concatenate([near(np.concatenate([kinds, kinds])) for _ in range(2)], 1)
    texts = np.concatenate([np.zeros((1, DIMENSIONS), np.float32), near(kinds)])
    ngrams = np.zeros((41, MAX_NGRAMS), np.int32)
    ngrams[1:, 0] = 1 + kinds
    return Shelf(
        [Product("shop", str(at), [], {}, {}) for at in range(40)],
        torch.from_numpy(pictures),
        torch.from_numpy(texts),
        torch.from_numpy(ngrams),
        [[at] for at in range(40)],
        [[40 + at] for at in range(40)],
        [np.array([[1 + at, 0, 0, 0], [0, 0, 0, 0]]) for at in range(40)],
        [[(1 + at, "title", ())] for at in range(40)],
        torch.eye(10, dtype=torch.bool)[kinds],
        [""] * 41,
    )


def test_training_starts_at_the_mixture():
    made, given = ItemSage(), inputs(4)
    assert torch.allclose(made(*given), F.normalize(made.mixture(*given[:2]), dim=1), atol=1e-6)


def test_the_graph_computes_what_the_network_does(model):
    given = inputs(5)
    session = onnxruntime.InferenceSession(item_graph(model, "").SerializeToString())
    found = session.run(None, dict(zip(("pictures", "texts", "ngrams"), (one.numpy() for one in given))))[0]
    with torch.no_grad():
        assert np.abs(found - model(*given).numpy()).max() < 1e-3
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_the_graph_is_small_enough_for_the_edge(model):
    assert item_graph(model, "").ByteSize() <= 4 * 2**20


def test_absent_pictures_and_texts_change_nothing(model):
    pictures, texts, ngrams = inputs(3)
    with torch.no_grad():
        full = model(pictures, texts, ngrams)
        short = model(pictures[1:2, :2], texts[1:2], ngrams[1:2, :, :1])
    assert torch.allclose(full[1:2], short, atol=1e-5)


@pytest.mark.parametrize("made", [ItemSage(), Concatenation()])
def test_the_order_of_pictures_does_not_matter(made):
    pictures, texts, ngrams = inputs(3)
    assert torch.allclose(made(pictures, texts, ngrams), made(pictures.flip(1), texts, ngrams), atol=1e-5)


def test_what_a_query_names_is_taken_out_of_the_texts():
    left = without(RED.texts, "red dress")
    assert left["title"] == "Linnea wrap in silk"
    assert left["description"] == left["category"] == ""
    assert left["attributes"] == "material: silk"


def test_words_match_in_singular_and_plural():
    assert stem("Dresses") == "dress" and stem("shoes") == "shoe" and stem("Woman's") == "woman"


def test_a_product_is_always_asked_for_by_the_same_words():
    found = queries(RED)
    assert found == queries(RED)
    assert {one.kind for one in found} == {"title", "attribute"}
    assert all(not one.wanted for one in found if one.kind == "title")


def test_a_product_is_not_shown_by_the_picture_that_asks_for_it(shelf):
    batch = drawn(shelf, np.arange(40), Recipe(), np.random.default_rng(0))
    for row in range(40):
        assert not (batch.content.pictures[row] == shelf.pictures[batch.pictures[row]]).all(1).any()


def test_answers_to_attributes_have_all_of_them(shelf):
    found = satisfied(shelf, [(3,), (), (3, 4)], np.arange(40))
    assert found[0].sum() == 4 and found[1].sum() == 0 and found[2].sum() == 0


def test_ranks_share_places_among_equals():
    products = torch.eye(4)
    assert rank_of_own(torch.eye(4)[:1], products, torch.tensor([0])).tolist() == [0]
    assert rank_of_own(torch.ones(1, 4), products, torch.tensor([2])).tolist() == [1.5]
    assert recall10(torch.eye(4), products, torch.arange(4)) == 100


def test_precision_counts_as_many_places_as_there_are_answers():
    products = F.normalize(torch.randn(30, 8, generator=torch.Generator().manual_seed(0)), dim=1)
    relevant = torch.zeros(1, 30, dtype=torch.bool)
    best = (products[:1] @ products.T)[0].argsort(descending=True)
    relevant[0, best[:2]] = True
    assert precision10(products[:1], products, relevant) == 100
    relevant[0, best[20:]] = True
    assert precision10(products[:1], products, relevant) == pytest.approx(20)


def test_training_finds_products_without_pictures_by_pictures(shelf):
    recipe = Recipe(steps=60, batch=32, random=16, ngram_steps=5, missing_pictures=0.5, penalty=0.1)
    model = train(shelf, np.arange(40), recipe, chance=np.full(40, 1 / 40))
    one = content(shelf, [[] for _ in range(40)], np.stack([texts[0] for texts in shelf.variants]))
    queries, kinds = shelf.pictures[40:, DIMENSIONS:], torch.arange(40) % 10

    def right(products: torch.Tensor) -> float:
        return (kinds[(queries @ products.T).argmax(1)] == kinds).float().mean().item()

    with torch.no_grad():
        assert right(mixture(1, 1, 1)(one)) < 0.5
        assert right(model(one.pictures, one.texts, one.ngrams)) > 0.9


def test_vectors_are_computed_once_and_come_in_the_order_of_their_keys(tmp_path):
    keys, computed = [str(at) for at in range(100)], []

    def compute(missing: list[int]):
        computed.extend(missing)
        return lambda rows: np.stack([np.eye(DIMENSIONS, dtype=np.float32)[row] for row in rows])

    found = cached(tmp_path / "model.npz", keys, compute, workers=3)
    assert (found.argmax(1) == np.arange(100)).all()
    assert set(computed) == set(range(100))
    computed.clear()
    again = cached(tmp_path / "model.npz", [*keys[::-1], "new"], compute, workers=3)
    assert set(computed) == {100}
    assert (again.argmax(1) == [*range(99, -1, -1), 100]).all()
