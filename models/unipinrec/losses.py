"""The losses of UniPinRec (arXiv 2606.00422): L = L_item + L_action.

L_item: softmax over the next items; sampled with -log Q, or over the whole catalogue where that is small (ours).
L_action = sum over actions c of w_c [mean over masked past of BCE + (1/k) sum over candidates of BCE].
"""

import torch
import torch.nn.functional as F

import paths  # noqa: F401 - where `training` lies
from training.sampled_softmax import sampled_softmax

# Equal weights are ours; the paper's are unknown.
WEIGHTS = (1.0, 1.0, 1.0, 1.0, 1.0)


def full_item_loss(
    queries: torch.Tensor, targets: torch.Tensor, vectors: torch.Tensor, temperature: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy over all items. Unit queries [P, D], targets [P] (-100: none), unit vectors [N, D] -> mean."""
    logits = queries @ vectors.T / temperature
    return F.cross_entropy(logits, targets, ignore_index=-100)


def sampled_item_loss(
    queries: torch.Tensor,
    targets: torch.Tensor,
    people: torch.Tensor,
    vectors: torch.Tensor,
    drawn: torch.Tensor,
    log_share: torch.Tensor,
    temperature: torch.Tensor,
) -> torch.Tensor:
    """Sampled softmax with the batch's targets and random items as negatives.

    Unit queries [P, D], targets [P], people [P] (row of the batch each belongs to), unit vectors [N, D], drawn [R]
    items drawn evenly, log_share [N] log share of each item in the stream of targets -> mean.

    A person's own targets are no negatives of theirs. Every item's correction is that of the mixture of both samplers
    (ours: with one for each pool, an item in both would be scored twice).
    """
    batch = targets.unique()
    pool = torch.cat([batch, drawn[~torch.isin(drawn, batch)].unique()])
    log_even = -torch.log(log_share.new_tensor(float(len(vectors))))
    share = len(targets) / (len(targets) + len(drawn))
    log_q = torch.logaddexp(
        log_share + torch.log(log_share.new_tensor(share)),
        log_even + torch.log1p(log_share.new_tensor(-share)),
    )
    own = torch.zeros(int(people.max()) + 1, len(vectors), dtype=torch.bool, device=queries.device)
    own[people, targets] = True
    losses = sampled_softmax(
        queries, vectors[targets], vectors[pool], own[people][:, pool], temperature, (log_q[targets], log_q[pool])
    )
    return losses.mean()


def action_loss(
    past_logits: torch.Tensor,
    past_actions: torch.Tensor,
    masked: torch.Tensor,
    slate_logits: torch.Tensor,
    slate_actions: torch.Tensor,
    slate_real: torch.Tensor,
    weights: torch.Tensor,
) -> torch.Tensor:
    """past_logits, past_actions [B, n, C], masked bool [B, n]; slate_* [B, k, C], slate_real bool [B, k]; weights [C].

    -> the mean over masked past tokens of the batch (0 where none is), plus the mean over slates of each one's mean.
    """
    past = (F.binary_cross_entropy_with_logits(past_logits, past_actions, reduction="none") * weights).sum(-1)
    slate = (F.binary_cross_entropy_with_logits(slate_logits, slate_actions, reduction="none") * weights).sum(-1)
    of_past = (past * masked).sum() / masked.sum().clamp(min=1)
    of_slates = (slate * slate_real).sum(1) / slate_real.sum(1).clamp(min=1)
    return of_past + of_slates.mean()
