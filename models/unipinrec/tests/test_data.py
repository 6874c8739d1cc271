"""Splits, batches and figures on small data: what is held out is in no history and no target that is learned from."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import torch

import movies
import showroom
from flops import counted
from logs import HIDE, PARTS, SAVE, Logs, load
from metrics import auc, next_item_figures, ranking_figures, ranks, ranks_of_new, slate_recall
from network import ACTIONS, Config
from next_item import Recipe, evaluate, train
from pack import rows_of_sequences
from sequences import IGNORED, Sequences, batches, drawn_ends, target_places


def sequences(lengths: list[int]) -> Sequences:
    """Person p has the items 100p, 100p + 1, …; nobody shares one."""
    columns = rows_of_sequences([[100 * at + one for one in range(length)] for at, length in enumerate(lengths)])
    return Sequences(torch.from_numpy(columns["items"].astype(np.int64)), torch.from_numpy(columns["offsets"]).long(), int(columns["count"]))


def test_a_window_holds_what_came_before_its_end_and_what_followed_each():
    data = sequences([6, 5])
    items, following, lengths = data.windows(torch.tensor([0, 1]), torch.tensor([5, 2]), longest=3)
    assert items[0].tolist() == [2, 3, 4] and following[0].tolist() == [3, 4, 5]
    assert items[1, :2].tolist() == [6, 7] and following[1].tolist() == [7, 8, IGNORED]
    assert lengths.tolist() == [3, 2]


@pytest.mark.parametrize("longest", [3, 200])
def test_what_is_held_out_is_never_learned_from(longest):
    data = sequences([5, 9, 30])
    held = {int(at) - back for at in data.offsets[1:] for back in (1, 2)}
    draw = np.random.default_rng(0)
    last = target_places(data.lengths, "learn").numpy()
    seen: set[int] = set()
    for _ in range(200):
        ends = drawn_ends(last, longest, 0.5, draw)
        for people in batches(ends, longest, 2, draw):
            items, following, _ = data.windows(torch.from_numpy(people), torch.from_numpy(ends[people]), longest)
            seen |= set(items.flatten().tolist()) | set(following[following != IGNORED].tolist())
    # Items are numbered in the order of the sequences, so a place is an item. Everything else is learned from.
    assert seen == set(range(data.count)) - held


def test_validation_and_test_ask_for_the_last_two():
    data = sequences([5, 9])
    for part, back in (("relearn", 2), ("valid", 2), ("test", 1)):
        people, ends = torch.arange(2), target_places(data.lengths, part)
        _, following, lengths = data.windows(people, ends, 50)
        found = following.gather(1, lengths[:, None] - 1)[:, 0]
        assert found.tolist() == (data.offsets[1:] - back).tolist()


def test_every_person_is_in_one_batch_of_an_epoch():
    ends = np.arange(1, 40)
    found = np.concatenate(batches(ends, 10, 4, np.random.default_rng(0)))
    assert sorted(found) == list(range(39))


@pytest.mark.parametrize("model", ["unipinrec", "sasrec"])
def test_what_always_follows_is_found(model):
    """Everybody walks round one circle of 30 items; who was asked for last was in no training."""
    walk = [[(start + step) % 30 for step in range(12)] for start in range(30)]
    columns = rows_of_sequences(walk)
    data = Sequences(torch.from_numpy(columns["items"]).long(), torch.from_numpy(columns["offsets"]).long(), 30)
    recipe = Recipe(model=model, width=32, dimensions=32, layers=1, heads=2, dropout=0.0, longest=10, batch=10,
                    epochs=40, rate=5e-3, evaluate=10)  # fmt: skip
    trained, figures = train(data, recipe, torch.device("cpu"))
    assert figures["test"]["ndcg10"] > 0.9
    assert evaluate(trained, data, "test", 10) == pytest.approx(figures["test"])


def ratings(path: Path) -> np.ndarray:
    draw = np.random.default_rng(0)
    lines = ["user_id\titem_id\trating\ttimestamp"]
    for person in range(20):
        times = 10_000 * person + np.cumsum(draw.integers(0, 60, 40))
        times[25:] += 5_000  # a second burst
        for at, item in enumerate(draw.permutation(60)[:40]):
            lines.append(f"{person + 1}\t{item + 1}\t{draw.integers(1, 6)}\t{times[at]}")
    with gzip.open(path, "wt") as out:
        out.write("\n".join(lines) + "\n")
    return movies.ratings(path)


def as_logs(columns: dict[str, np.ndarray], path: Path) -> Logs:
    np.savez(path, **columns)
    return load(path)


def no_leak(logs: Logs) -> None:
    """Histories end before their slates; nothing learned from is later than, or of the people of, what is held out."""
    for row in range(len(logs.cuts)):
        begin, cut = int(logs.begins[row]), int(logs.cuts[row])
        assert begin < cut
        assert logs.times[begin:cut].max() <= logs.slate_times[row]
        assert bool((logs.times[begin:cut].diff() >= 0).all())
    learned, held = logs.rows("learn"), torch.cat([logs.rows("valid"), logs.rows("test")])
    assert len(learned) and len(logs.rows("valid")) and len(logs.rows("test"))
    assert not set(logs.begins[learned].tolist()) & set(logs.begins[held].tolist())
    assert logs.slate_times[learned].max() < logs.slate_times[held].min()


def test_ratings_become_slates_in_real_time_without_a_leak(tmp_path):
    rows = ratings(tmp_path / "ratings.tsv.gz")
    logs = as_logs(movies.logs(rows), tmp_path / "ml.npz")
    no_leak(logs)
    for row in range(len(logs.cuts)):
        slate = logs.slates[row][logs.slates[row] >= 0]
        cut = int(logs.cuts[row])
        assert logs.items[cut : cut + len(slate)].tolist() == slate.tolist()
        times = logs.times[cut : cut + len(slate)]
        assert bool((times.diff() <= movies.BURST).all())
    high, low = rows[:, 2] >= 4, rows[:, 2] <= 2
    assert torch.equal(logs.actions[:, SAVE].bool(), torch.from_numpy(high))
    assert torch.equal(logs.actions[:, HIDE].bool(), torch.from_numpy(low))
    held = torch.cat([logs.rows("valid"), logs.rows("test")])
    spans = [(int(logs.cuts[row]), int(logs.cuts[row]) + int((logs.slates[row] >= 0).sum())) for row in held]
    assert len({at for span in spans for at in range(*span)}) == sum(end - begin for begin, end in spans)


def events(people: int = 40, lists: int = 12, products: int = 30) -> tuple[list[str], dict[str, int]]:
    draw, lines = np.random.default_rng(0), []
    for number in range(lists):
        for person in range(people):
            slate, day = f"p{person}.{number}", 1 + number
            shown = draw.permutation(products)[:8]
            for at, item in enumerate(shown):
                common = {"user": f"p{person}", "item": f"i{item}", "surface": "feed", "slate": slate}
                lines.append(common | {"action": "impression", "at": f"2026-01-{day:02}T10:00:00Z"})
                if at == 0:
                    lines += [common | {"action": done, "at": f"2026-01-{day:02}T10:00:0{2 + x}Z"} for x, done in enumerate(("click", "save"))]
    lines.append({"user": "p0", "item": "unknown", "surface": "feed", "slate": "p0.0", "action": "save", "at": "2026-01-01T10:00:09Z"})
    return [json.dumps(line) for line in lines], {f"i{at}": at for at in range(products)}


def test_events_become_lists_and_tokens_without_a_leak(tmp_path):
    lines, place = events()
    people = showroom.slates_of(lines, place)
    logs = as_logs(showroom.logs(people, np.ones((len(place), 4))), tmp_path / "showroom.npz")
    no_leak(logs)
    assert logs.repeats and logs.content.shape == (30, 4)
    # What was done with an item in one list is one token.
    both = torch.zeros(len(ACTIONS))
    both[[ACTIONS.index("click"), SAVE]] = 1
    assert bool((logs.actions == both).all())
    batch = logs.batch(logs.rows("test")[:5], 4)
    assert bool(batch.slate_real[:, :8].all()) and not batch.slate_real[:, 8:].any()
    assert torch.equal(batch.slate_actions[:, 0], both.expand(5, -1)) and not batch.slate_actions[:, 1:].any()
    assert batch.gaps[:, 0].eq(0).all()
    torch.testing.assert_close(batch.gaps[0, 1].item(), float(np.log1p(86_400)), atol=1e-4, rtol=0)


def test_only_a_share_of_the_lists_without_actions_is_kept(tmp_path):
    lines, place = events()
    people = showroom.slates_of([line for line in lines if '"impression"' in line or '.3"' in line or '.1"' in line], place)
    logs = as_logs(showroom.logs(people, np.ones((len(place), 4))), tmp_path / "showroom.npz")
    rows, draw = logs.rows("learn"), np.random.default_rng(0)
    engaged = int(logs.slate_actions[rows].flatten(1).any(1).sum())
    assert 0 < engaged < len(rows)
    assert len(logs.learning_rows(0.0, draw)) == engaged
    assert len(logs.learning_rows(1.0, draw)) == len(rows)


def test_the_figures_are_those_of_their_definitions():
    scores = torch.tensor([[0.1, 0.9, 0.5, 0.5]])
    assert ranks(scores, torch.tensor([1])).tolist() == [0]
    assert ranks(scores, torch.tensor([0])).tolist() == [3]
    found = next_item_figures(torch.tensor([0, 9, 10]))
    assert found["hr10"] == pytest.approx(2 / 3)
    assert found["ndcg10"] == pytest.approx((1 + 1 / np.log2(11)) / 3)
    wanted = torch.zeros(1, 20, dtype=torch.bool)
    wanted[0, [0, 15]] = True
    assert slate_recall(-torch.arange(20.0)[None], wanted).item() == pytest.approx(0.5)
    assert auc(torch.tensor([0.1, 0.4, 0.35, 0.8]), torch.tensor([False, False, True, True])) == pytest.approx(0.75)
    assert auc(torch.zeros(4), torch.tensor([True, False, True, False])) == pytest.approx(0.5)


def test_the_first_three_are_those_by_the_save_score_among_real_candidates():
    scores, actions = torch.zeros(2, 5, len(ACTIONS)), torch.zeros(2, 5, len(ACTIONS))
    scores[0, :, SAVE] = torch.tensor([5.0, 4.0, 3.0, 2.0, 9.0])
    actions[0, [3, 4], SAVE] = 1
    real = torch.tensor([[True, True, True, True, False]] * 2)
    assert ranking_figures(scores, actions, real)["hit3"] == 0  # the fourth place, and a padded one
    actions[0, 2, SAVE] = 1
    figures = ranking_figures(scores, actions, real)  # the second slate has no save and does not count
    assert figures["hit3"] == 1 and figures["precision3"] == pytest.approx(1 / 3)


def test_the_papers_count_of_operations():
    found = counted(992, 656, Config(width=768, layers=2, heads=12))
    assert found["ranking, times less"] == pytest.approx(2.38, abs=0.02)
    assert found["both, share saved"] == pytest.approx(0.367, abs=0.002)


def test_ranks_among_what_somebody_has_not_had():
    scores, had = torch.tensor([[0.9, 0.8, 0.7, 0.6]] * 2), torch.tensor([[0, 1], [3, 3]])
    assert ranks_of_new(scores, torch.tensor([2, 3]), had).tolist() == [0, 3]
