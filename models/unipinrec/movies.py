"""ML-100k as logs: a rating is a token (4 and 5: save, 1 and 2: hide, 3: click); slates are the next ratings.

People rate in bursts, so the time of a rating is the time of the burst. A slate is what a person rated next in real
time, at most `SLATE` items of the same burst. The split is by real time (ours): people whose first rating is early
are learned from, up to the moment at which the first of the others begins.
"""

import gzip
from pathlib import Path

import numpy as np

from logs import CLICK, HIDE, PARTS, SAVE
from network import ACTIONS

SLATE = 10
FEWEST = 4  # items of a slate
HISTORY = 5  # tokens before the first slate
BURST = 30 * 60  # seconds without a rating end it
SHARES = (0.7, 0.8)  # of people, by their first rating: learn, valid, the rest test


def ratings(path: Path) -> np.ndarray:
    """Rows of person, item, rating, time; by person, then time, then item."""
    with gzip.open(path, "rt") as lines:
        next(lines)
        rows = np.array([[int(cell) for cell in line.split()] for line in lines])
    return rows[np.lexsort((rows[:, 1], rows[:, 3], rows[:, 0]))]


def logs(rows: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of `logs.Logs` from rows of `ratings`."""
    people, people_first = np.unique(rows[:, 0], return_index=True)
    last_of = np.append(people_first[1:], len(rows))
    first_times = rows[people_first, 3]
    ordered = np.sort(first_times)
    moments = [ordered[int(share * len(people))] for share in SHARES]
    catalogue = np.unique(rows[:, 1])
    actions = np.zeros((len(rows), len(ACTIONS)), np.uint8)
    actions[np.arange(len(rows)), np.where(rows[:, 2] >= 4, SAVE, np.where(rows[:, 2] <= 2, HIDE, CLICK))] = 1
    items = np.searchsorted(catalogue, rows[:, 1])
    columns: dict[str, list] = {name: [] for name in ("begins", "cuts", "slates", "slate_actions", "slate_times", "parts")}
    for begin, end, first in zip(people_first, last_of, first_times):
        part = sum(first >= moment for moment in moments)
        stop = moments[part] if part < len(moments) else np.inf
        # Where learning stops, people who come later have not begun.
        end = begin + np.searchsorted(rows[begin:end, 3], stop)
        breaks = begin + 1 + np.flatnonzero(np.diff(rows[begin:end, 3]) > BURST)
        step = 1 if PARTS[part] == "learn" else SLATE
        cut = begin + HISTORY
        while cut < end:
            after = breaks[np.searchsorted(breaks, cut, side="right") :]
            until = min(cut + SLATE, end, *after[:1])
            if until - cut >= FEWEST:
                slate = np.full(SLATE, -1)
                done = np.zeros((SLATE, len(ACTIONS)), np.uint8)
                slate[: until - cut], done[: until - cut] = items[cut:until], actions[cut:until]
                for name, value in zip(columns, (begin, cut, slate, done, rows[cut, 3], part)):
                    columns[name].append(value)
            cut = cut + step if step == 1 else until
    kinds = {"slates": np.int16, "slate_actions": np.uint8, "parts": np.uint8, "begins": np.int32, "cuts": np.int32}
    found = {name: np.array(value).astype(kinds.get(name, np.int64)) for name, value in columns.items()}
    return found | {
        "items": items.astype(np.int16),
        "actions": actions,
        "times": rows[:, 3],
        "surfaces": np.zeros(len(rows), np.uint8),
        "slate_surfaces": np.zeros(len(found["cuts"]), np.uint8),
        "count": np.array(len(catalogue)),
        "repeats": np.array(False),
    }
