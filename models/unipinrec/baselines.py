"""What a model of sequences has to beat on logs with content: popularity, the latest item, the mean of what was liked.

`python baselines.py PACK OUT` measures them on both sets of logs.
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from learner import liked
from logs import Batch, Logs, load
from metrics import ranking_figures, slate_recall
from network import ACTIONS
from slates import EVALUATED, liked_items, unseen

LATEST = 100  # tokens that a mean is of
PRIOR = 20  # impressions that a rate starts from


class Popularity:
    """An item's number of likes; each action's rate where it was shown. The same for everybody."""

    def __init__(self, logs: Logs):
        rows = logs.rows("learn")
        slates, actions = logs.slates[rows], logs.slate_actions[rows]
        real = slates >= 0
        shown = torch.zeros(logs.count).index_add_(0, slates[real], torch.ones(int(real.sum())))
        done = torch.zeros(logs.count, len(ACTIONS)).index_add_(0, slates[real], actions[real])
        mean = done.sum(0) / shown.sum()
        self.rates = (done + PRIOR * mean) / (shown[:, None] + PRIOR)
        self.likes = torch.zeros(logs.count).index_add_(0, slates[real], liked(actions[real]).float())

    def scores(self, batch: Batch) -> torch.Tensor:
        return self.likes.expand(len(batch.slate), -1).clone()

    def slate_scores(self, batch: Batch, scores: torch.Tensor) -> torch.Tensor:
        return self.rates[batch.slate]


class Similarity:
    """Cosine of content with the latest liked item, or with the mean of the liked ones (one cluster of PinnerSage)."""

    def __init__(self, logs: Logs, latest: int):
        self.content, self.latest = F.normalize(logs.content, dim=1), latest

    def scores(self, batch: Batch) -> torch.Tensor:
        good = batch.real & liked(batch.actions)
        after = good.flip(1).cumsum(1).flip(1)
        weight = (good & (after <= self.latest)).float()
        mean = torch.einsum("bn,bnd->bd", weight, self.content[batch.items])
        return mean @ self.content.T

    def slate_scores(self, batch: Batch, scores: torch.Tensor) -> torch.Tensor:
        """The same for each action: the cosine knows none."""
        return scores.gather(1, batch.slate)[..., None].expand(-1, -1, len(ACTIONS))


@torch.no_grad()
def evaluate(baseline: Popularity | Similarity, logs: Logs, part: str, longest: int = LATEST) -> dict[str, float]:
    """The figures of `slates.evaluate`."""
    recalls, ranked, actions, real = [], [], [], []
    for some in logs.rows(part).split(EVALUATED):
        batch = logs.batch(some, longest)
        scores = baseline.scores(batch)
        ranked.append(baseline.slate_scores(batch, scores))
        actions.append(batch.slate_actions)
        real.append(batch.slate_real)
        wanted = liked_items(batch, logs.count)
        recalls.append(slate_recall(unseen(scores, batch, logs.repeats), wanted)[wanted.any(1)])
    figures = ranking_figures(torch.cat(ranked), torch.cat(actions), torch.cat(real))
    return {"recall10": torch.cat(recalls).mean().item(), "slates": len(logs.rows(part))} | figures


def all_figures(logs: Logs, part: str = "test") -> dict[str, dict[str, float]]:
    found = {"popularity": Popularity(logs)}
    if logs.content is not None:
        found |= {"latest item": Similarity(logs, 1), "mean of liked items": Similarity(logs, LATEST)}
    return {name: evaluate(one, logs, part) for name, one in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the baselines.")
    parser.add_argument("pack", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    found = {name: all_figures(load(arguments.pack / f"{name}.npz")) for name in ("ml-100k", "showroom")}
    arguments.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
