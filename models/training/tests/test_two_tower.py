"""Losses, counts and n-grams of two-tower models: seconds on a CPU, no data needed."""

import sys
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from training.count_min import CountMinSketch
from training.hashed_embedding import HashedEmbedding
from training.ngrams import LONGEST_WORD, MAX_CHARACTERS, MAX_NGRAMS, hash_of, ngram_ids, ngrams, words
from training.sampled_softmax import in_batch_softmax, same_pairs, sampled_softmax


def units(rows: int, seed: int = 0, dimensions: int = 8) -> torch.Tensor:
    return F.normalize(torch.randn(rows, dimensions, generator=torch.Generator().manual_seed(seed)), dim=1)


def test_a_sketch_never_counts_too_few_and_hardly_ever_too_many():
    generator = torch.Generator().manual_seed(1)
    stream = (torch.rand(20_000, generator=generator) ** 3 * 3_000).long()
    sketch = CountMinSketch(width=4_096, depth=4)
    for part in stream.split(500):
        sketch.add(part)
    ids = torch.arange(3_000)
    truth = torch.bincount(stream, minlength=3_000)
    excess = sketch.count(ids) - truth
    assert excess.min() >= 0
    assert (excess == 0).float().mean() > 0.9
    assert sketch.total == 20_000


def test_the_share_of_an_id_never_seen_is_that_of_one_seen_once():
    sketch = CountMinSketch(width=64)
    sketch.add(torch.tensor([5, 5, 5, 9]))
    shares = sketch.log_probability(torch.tensor([5, 9, 1])).exp()
    assert shares.tolist() == pytest.approx([0.75, 0.25, 0.25])


def test_the_loss_is_a_softmax_over_what_is_not_excluded():
    queries, products, candidates = units(3, 1), units(3, 2), units(5, 3)
    excluded = torch.zeros(3, 5, dtype=torch.bool)
    excluded[1, 2] = excluded[1, 4] = True
    found = sampled_softmax(queries, products, candidates, excluded, 0.1)
    kept = [0, 1, 3]
    positive = ((queries[1] @ products[1]) / 0.1).exp()
    negative = (candidates[kept] @ queries[1] / 0.1).exp().sum()
    assert found[1].item() == pytest.approx(-torch.log(positive / (positive + negative)).item(), abs=1e-5)


def test_a_popular_candidate_weighs_less_with_the_correction():
    queries, products = units(1, 1), units(1, 2)
    candidates = units(2, 3)
    none = torch.zeros(1, 2, dtype=torch.bool)
    log_q = (torch.tensor([0.01]).log(), torch.tensor([0.5, 0.01]).log())
    plain = sampled_softmax(queries, products, candidates[1:], none[:, 1:])
    corrected = sampled_softmax(queries, products, candidates, none, log_q=log_q)
    uncorrected = sampled_softmax(queries, products, candidates, none)
    assert plain < corrected < uncorrected


def test_equal_products_and_answers_to_the_same_query_are_no_negatives():
    found = same_pairs(torch.tensor([1, 1, 2, 3]), torch.tensor([10, 11, 11, 12]))
    # Row 0's query was answered by 10 and 11, so that row 2's product 11 is none of its negatives either.
    assert found.int().tolist() == [[1, 1, 1, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]


def test_a_batch_of_one_product_costs_nothing():
    vector = units(1)
    ids = torch.tensor([1, 2])
    loss = in_batch_softmax(vector.repeat(2, 1), vector.repeat(2, 1), ids, torch.tensor([4, 4]))
    assert loss.tolist() == [0, 0]


def test_ngrams_are_words_then_bigrams_then_trigrams():
    assert words("Red-Dress, 2 Sizes!") == ["red", "dress", "2", "sizes"]
    assert list(ngrams("red hat")) == ["1red", "1hat", "2red hat", "3<re", "3red", "3ed>", "3<ha", "3hat", "3at>"]


def test_ngrams_fold_case_and_compatibility_forms():
    assert ngram_ids("ﬁne ＲＥＤ") == ngram_ids("Fine red")
    assert ngram_ids("") == ngram_ids(" …!? ") == []


def test_long_text_costs_no_more_than_its_limits():
    assert len(ngram_ids(" ".join(f"w{n}" for n in range(10_000)))) == MAX_NGRAMS
    assert ngram_ids("a" * 100_000) == ngram_ids("a" * LONGEST_WORD)
    assert ngram_ids(" " * MAX_CHARACTERS + "late") == []


def test_hashes_are_positive_31_bit_numbers():
    assert hash_of("1red") == hash_of("1red") != hash_of("3red")
    assert all(0 < hash_of(f"1{n}") < 2**31 for n in range(1_000))


def test_a_hashed_embedding_sums_two_weighted_rows_of_each_id_and_leaves_padding_out():
    torch.manual_seed(0)
    layer = HashedEmbedding(rows=31, weights=7, dimensions=4)
    with torch.no_grad():
        layer.weights.copy_(torch.rand(7, 2))
    ids = torch.tensor([[5, 2**31 - 2, 0, 0], [0, 0, 0, 0]])
    first, second, weight = layer.cells(ids)
    one = sum(
        layer.weights[weight[0, k], 0] * layer.table[first[0, k]]
        + layer.weights[weight[0, k], 1] * layer.table[second[0, k]]
        for k in range(2)
    )
    found = layer(ids)
    assert torch.allclose(found[0], one / 2**0.5, atol=1e-6)
    assert found[1].abs().sum() == 0
