"""Figures of retrieval and of ranking."""

import torch

from logs import SAVE
from network import ACTIONS

TOP = 10
FIRST = 3


def ranks(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """0 for the best: how many of scores [B, N] are above that of targets [B]; of equal ones, half."""
    own = scores.gather(1, targets[:, None])
    return (scores > own).sum(1) + ((scores == own).sum(1) - 1).div(2, rounding_mode="floor")


def ranks_of_new(scores: torch.Tensor, targets: torch.Tensor, had: torch.Tensor) -> torch.Tensor:
    """Ranks among the items that are not in `had` [B, n] of each row; a target is ranked although it was had."""
    own = scores.gather(1, targets[:, None])
    new = scores.scatter(1, had, -torch.inf)
    return ranks(new.scatter(1, targets[:, None], own), targets)


def next_item_figures(found: torch.Tensor) -> dict[str, float]:
    """HR@10 and NDCG@10 (one right item each) of ranks [U]."""
    hit = found < TOP
    gain = torch.where(hit, 1 / torch.log2(found.double() + 2), 0.0)
    return {"hr10": hit.double().mean().item(), "ndcg10": gain.mean().item()}


def slate_recall(scores: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """scores [B, N], wanted bool [B, N] with at least one each -> share of the wanted in the first ten, of ten at most."""
    top = scores.topk(TOP, dim=1).indices
    return wanted.gather(1, top).sum(1) / wanted.sum(1).clamp(max=TOP)


def auc(scores: torch.Tensor, positive: torch.Tensor) -> float:
    """Chance that a positive's score is above a negative's, of equal ones half; nan without both. 1-D."""
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return float("nan")
    unique, group = scores.double().unique(return_inverse=True)
    sizes = torch.zeros(len(unique), dtype=torch.double).index_add_(0, group, torch.ones(len(group), dtype=torch.double))
    middle = sizes.cumsum(0) - (sizes - 1) / 2
    return ((middle[group[positive]].sum() - positives * (positives + 1) / 2) / (positives * negatives)).item()


def slate_hits(scores: torch.Tensor, saved: torch.Tensor, real: torch.Tensor) -> dict[str, torch.Tensor]:
    """Of slates [B, k] with both something saved and something not: is one of the first three saved, and what share."""
    chosen = (saved & real).any(1) & (~saved & real).any(1)
    scores = scores.masked_fill(~real, -torch.inf)[chosen]
    first = saved[chosen].gather(1, scores.topk(min(FIRST, scores.shape[1]), dim=1).indices).double()
    return {"hit3": first.amax(1), "precision3": first.mean(1)}


def ranking_figures(scores: torch.Tensor, actions: torch.Tensor, real: torch.Tensor) -> dict[str, float]:
    """scores, actions [S, k, C], real bool [S, k] -> save Hit@3 and precision@3 by the save score; AUC of each action."""
    hits = slate_hits(scores[..., SAVE], actions[..., SAVE].bool(), real)
    figures = {name: value.mean().item() for name, value in hits.items()}
    for at, name in enumerate(ACTIONS):
        found = auc(scores[..., at][real], actions[..., at][real].bool())
        if found == found:
            figures[f"auc_{name}"] = found
    return figures
