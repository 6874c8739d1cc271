"""Quantisation-aware training: the arithmetic of the int8 graph, with straight-through gradients.

`prepare` gives every convolution of a trunk fake-quantised weights (signed 8-bit, one scale per output channel) and
every activation a learned limit, started from calibration (as learned step sizes, arXiv 1902.08153).
"""

import torch
import torch.nn.functional as F
from torch import nn

from .activation_ranges import tensors
from .trunks import Conv, Trunk


def rounded(x: torch.Tensor) -> torch.Tensor:
    """Round with the gradient of the identity."""
    return x + (x.round() - x).detach()


def fake_weight(weight: torch.Tensor, top: int) -> torch.Tensor:
    """[O, ...] -> the same, on a grid of -top..top steps per output channel."""
    scale = weight.detach().abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-8) / top
    return rounded(weight / scale) * scale


class FakeActivation(nn.Module):
    """Values -> their quantised form on 0..top; `limit` is learned through its logarithm."""

    def __init__(self, limit: float, signed: bool, bits: int):
        super().__init__()
        self.log_limit = nn.Parameter(torch.tensor(float(limit)).log())
        self.zero = 2 ** (bits - 1) if signed else 0
        self.top = 2**bits - 1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        limit = self.log_limit.exp()
        scale = limit / (self.zero if self.zero else self.top)
        return rounded((x / scale).clamp(-self.zero, self.top - self.zero)) * scale


class QuantisedConv(nn.Module):
    """A `Conv` whose weights and output are fake-quantised; keeps the interface that the ONNX writer reads."""

    def __init__(self, conv: Conv, activation: FakeActivation, weight_top: int):
        super().__init__()
        self.conv, self.activation, self.weight_top = conv, activation, weight_top

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight, bias = self.conv.folded()
        weight = fake_weight(weight, self.weight_top)
        x = F.pad(x, self.conv.padding(x.shape[2], x.shape[3]))
        x = F.conv2d(x, weight, bias, self.conv.stride, groups=self.conv.groups)
        return self.activation(x)


class QuantisedTrunk(nn.Module):
    """Runs a trunk (whose parameters it shares) with fake quantisation everywhere."""

    def __init__(self, trunk: Trunk, limits: dict[str, float], bits: int):
        super().__init__()
        self.trunk, self.features = trunk, trunk.features
        self.activations = nn.ModuleDict()
        self.convolutions = nn.ModuleDict()
        for name, module, signed in tensors(trunk):
            activation = FakeActivation(limits[name], signed, bits)
            self.activations[name.replace(".", "_")] = activation
            if isinstance(module, Conv):
                top = 63 if name == "stem" else 127
                self.convolutions[name.replace(".", "_")] = QuantisedConv(module, activation, top)

    def limits(self) -> dict[str, float]:
        """Learned limits under the names of `activation_ranges.tensors`."""
        return {
            name: self.activations[name.replace(".", "_")].log_limit.exp().item() for name, _, _ in tensors(self.trunk)
        }

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.convolutions["stem"](x)
        for index, block in enumerate(self.trunk.blocks):
            before = x
            for part in ("expand", "depthwise", "project"):
                if getattr(block, part) is not None:
                    x = self.convolutions[f"blocks_{index}_{part}"](x)
            if block.residual:
                x = self.activations[f"blocks_{index}_sum"](before + x)
        return self.convolutions["head"](x)
