"""Ranges of the activations, for static quantisation to 7 or 8 bits.

A tensor after ReLU6 is quantised from 0 to its upper end with zero point 0; any other tensor symmetrically around
the middle of the integers (zero point 64 of 0..127, or 128 of 0..255). The 7-bit form is ours: it makes products
of activations and signed 8-bit weights exact in every engine, also where pairs are added in 16 bits.
"""

from dataclasses import dataclass

import torch
from torch import nn

from .trunks import Trunk


@dataclass
class Quantisation:
    """value = (q - zero) * scale, q in 0..top."""

    scale: float
    zero: int
    top: int


def quantisation(limit: float, signed: bool, bits: int) -> Quantisation:
    """Integers for values in 0..limit, or -limit..limit where `signed`."""
    top = 2**bits - 1
    zero = 2 ** (bits - 1) if signed else 0
    return Quantisation(limit / (zero if signed else top), zero, top)


def tensors(trunk: Trunk) -> list[tuple[str, nn.Module, bool]]:
    """(name, module whose output it is, signed) of each quantised activation, in order of execution."""
    result: list[tuple[str, nn.Module, bool]] = [("stem", trunk.stem, False)]
    for index, block in enumerate(trunk.blocks):
        for part in ("expand", "depthwise", "project"):
            conv = getattr(block, part)
            if conv is not None:
                result.append((f"blocks.{index}.{part}", conv, not conv.relu6))
        if block.residual:
            result.append((f"blocks.{index}.sum", block, True))
    return [*result, ("head", trunk.head, False)]


@torch.no_grad()
def calibrate(trunk: Trunk, batches, bits: int, bins: int = 2048, grid: int = 40) -> dict[str, float]:
    """Limit of each activation that loses the least squared error on normalised pixels [N, 3, H, W].

    Two passes: the largest magnitude, then a histogram of magnitudes, searched on `grid` fractions of the largest.
    """
    names = {module: (name, signed) for name, module, signed in tensors(trunk)}
    largest: dict[str, torch.Tensor] = {}
    histograms: dict[str, torch.Tensor] = {}

    def widest(module, _, output):
        name = names[module][0]
        largest[name] = torch.maximum(
            largest.get(name, torch.zeros((), device=output.device)), output.abs().max().float()
        )

    def count(module, _, output):
        name = names[module][0]
        limit = largest[name].item() + 1e-9
        counts = torch.histc(output.abs().float().flatten(), bins, 0, limit).double().cpu()
        histograms[name] = histograms.get(name, 0) + counts

    for hook in (widest, count):
        handles = [module.register_forward_hook(hook) for module in names]
        for batch in batches:
            trunk(batch)
        for handle in handles:
            handle.remove()

    limits = {}
    for name, signed in names.values():
        maximum = largest[name].item()
        values = (torch.arange(bins, dtype=torch.float64) + 0.5) * maximum / bins
        best = (float("inf"), maximum)
        for step in range(grid // 4, grid + 1):
            limit = maximum * step / grid
            q = quantisation(limit, signed, bits)
            rebuilt = (values / q.scale).round().clamp(max=q.top - q.zero) * q.scale
            error = (histograms[name] * (values - rebuilt) ** 2).sum().item()
            best = min(best, (error, limit))
        limits[name] = best[1]
    return limits
