"""Pairwise sigmoid loss, "Sigmoid Loss for Language Image Pre-Training" (arXiv 2303.15343)."""

import torch
import torch.nn.functional as F
from torch import nn


class SigmoidPairs(nn.Module):
    """−(1/N) Σ_ij log σ(y_ij (t·a_i·b_j + b)) with learned t (from 10) and b (from −10); y_ij is ±1."""

    def __init__(self):
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(10.0).log())
        self.bias = nn.Parameter(torch.tensor(-10.0))

    def forward(self, a: torch.Tensor, b: torch.Tensor, true: torch.Tensor | None = None) -> torch.Tensor:
        """Unit vectors [N, D] and [M, D]; `true` [N, M] says which pairs belong together (default: the diagonal)."""
        if true is None:
            true = torch.eye(len(a), len(b), dtype=torch.bool, device=a.device)
        logits = self.log_scale.exp() * a @ b.T + self.bias
        return -F.logsigmoid(torch.where(true, logits, -logits)).sum() / len(a)
