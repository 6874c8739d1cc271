"""Losses of the embedding models."""

import torch
import torch.nn.functional as F
from torch import nn

TEMPERATURE = 0.05


class ProxySoftmax(nn.Module):
    """Normalised softmax over class proxies: arXiv 1908.01707 (unified embedding), in the form of arXiv 1811.12649.

    CE = -log( exp(x.p_y / T) / sum over c in S of exp(x.p_c / T) ), |x| = |p| = 1, T = 0.05, no bias; S is a random
    part of the classes, together with those of the batch. Pictures with label -1 give nothing.
    """

    def __init__(self, proxies: torch.Tensor, fraction: float = 1.0):
        """`proxies` [C, D] to start from; `fraction` of the classes drawn for each batch."""
        super().__init__()
        self.proxies, self.fraction = nn.Parameter(proxies.clone()), fraction

    def forward(self, x: torch.Tensor, labels: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        """Unit vectors [N, D], labels [N] -> mean over the labelled pictures."""
        known = labels >= 0
        x, labels = x[known], labels[known]
        if len(labels) == 0:
            return x.sum() * 0
        proxies = self.proxies
        if self.fraction < 1:
            drawn = torch.rand(len(proxies), device=x.device, generator=generator) < self.fraction
            drawn[labels] = True
            labels = (drawn.cumsum(0) - 1)[labels]
            proxies = proxies[drawn]
        return F.cross_entropy(x @ F.normalize(proxies, dim=1).T / TEMPERATURE, labels)


def class_means(x: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Mean unit vector of each class [classes, D]: where proxies start (ours, saves most of an epoch)."""
    known = labels >= 0
    sums = torch.zeros(classes, x.shape[1], device=x.device).index_add_(0, labels[known], x[known])
    return F.normalize(sums + 1e-4 * torch.randn_like(sums), dim=1)


def relational_distillation(student: torch.Tensor, teacher: torch.Tensor, temperature: float = 0.1) -> torch.Tensor:
    """KL of who is near whom in the batch: unit vectors of the student [N, D] against the teacher's [N, E]. Ours.

    Keeps what the backbone knows of pictures that no training set shows.
    """
    diagonal = torch.eye(len(student), dtype=torch.bool, device=student.device)
    logits = (student @ student.T / temperature).masked_fill(diagonal, -1e4)
    target = (teacher @ teacher.T / temperature).masked_fill(diagonal, -1e4)
    return F.kl_div(logits.log_softmax(1), target.log_softmax(1), log_target=True, reduction="batchmean")


def sign_code(x: torch.Tensor) -> torch.Tensor:
    """Unit vectors [N, D] -> their signs, scaled to unit length; the gradient is that of the identity. Ours."""
    return x + (torch.where(x >= 0, 1.0, -1.0) / x.shape[1] ** 0.5 - x).detach()
