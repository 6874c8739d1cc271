"""How weights are stepped: AdamW, a linear warm-up and a cosine, in bfloat16 on a GPU."""

import math

import torch
from torch import nn

WARM_UP = 100  # steps
CLIP = 1.0  # length of the gradient


class Steps:
    """`step(loss)` until `total` steps are made."""

    def __init__(self, parameters: list[nn.Parameter], rate: float, decay: float, total: int, device: torch.device):
        kept = [one for one in parameters if one.requires_grad]
        groups = [
            {"params": [one for one in kept if one.ndim > 1], "weight_decay": decay},
            {"params": [one for one in kept if one.ndim <= 1], "weight_decay": 0.0},
        ]
        self.parameters = kept
        self.optimiser = torch.optim.AdamW(groups, rate, betas=(0.9, 0.98), fused=device.type == "cuda")
        warm_up = min(WARM_UP, max(1, total // 10))

        def share(step: int) -> float:
            return min((step + 1) / warm_up, 0.01 + 0.495 * (1 + math.cos(math.pi * min(step / total, 1.0))))

        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, share)

    def step(self, loss: torch.Tensor) -> None:
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, CLIP)
        self.optimiser.step()
        self.schedule.step()


def mixed(device: torch.device) -> torch.autocast:
    """bfloat16 on a GPU; on a CPU float32."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


def prepared(device: torch.device, seed: int) -> None:
    """Seeds all that is drawn, and lets float32 products use TF32 on a GPU."""
    torch.manual_seed(seed)
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
