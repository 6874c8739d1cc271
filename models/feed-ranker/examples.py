"""Examples that examples.ts wrote: products of lists, lists together."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDS = 5  # by person: fold 0 is tested, fold 1 chooses when to stop
LAST_DAYS = 28  # of the log: only lists of these days are tested, only lists before them are learned from
SPAM = 0.85  # of a list of five or more: nobody likes so much of one, whoever acts on it is no person


@dataclass
class Examples:
    features: np.ndarray  # [N, F]
    actions: np.ndarray  # [N, C], 0 or 1
    slate: np.ndarray  # [N]
    log_popularity: np.ndarray  # [N]

    def __len__(self) -> int:
        return len(self.features)


@dataclass
class Split:
    about: dict  # of examples.json: columns, features, actions, content
    train: Examples
    stop: Examples
    test: Examples


def load(folder: Path) -> Split:
    """By person and by time: who is tested was never seen, nor were these days."""
    about = json.loads((folder / "examples.json").read_text(encoding="utf8"))
    columns = about["columns"]
    rows = np.fromfile(folder / "examples.f32", "<f4").reshape(-1, len(columns))
    at = {name: column for column, name in enumerate(columns)}
    rows = rows[~spam(rows[:, at["slate"]], rows[:, [at[name] for name in about["actions"]]])]
    fold = rows[:, at["person"]].astype(int) % FOLDS
    early = rows[:, at["day"]] < np.ceil(rows[:, at["day"]].max()) - LAST_DAYS

    def some(chosen: np.ndarray) -> Examples:
        taken = rows[chosen]
        return Examples(
            taken[:, [at[name] for name in about["features"]]],
            taken[:, [at[name] for name in about["actions"]]],
            taken[:, at["slate"]].astype(np.int64),
            taken[:, at["log_popularity"]],
        )

    return Split(about, some((fold > 1) & early), some((fold == 1) & early), some((fold == 0) & ~early))


def spam(slate: np.ndarray, actions: np.ndarray) -> np.ndarray:
    """[N], whether the list that a product was in was acted on nearly everywhere."""
    _, own, counts = np.unique(slate, return_inverse=True, return_counts=True)
    shares = np.bincount(own, actions.any(1)) / counts
    return ((shares > SPAM) & (counts >= 5))[own]
