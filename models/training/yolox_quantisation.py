"""Static quantisation of a YOLOX network: which tensors are rounded how, calibration, and training with it.

* A convolution's sum before SiLU is read by a table of 256 entries only: 8 bits.
* What convolutions read is 7 bits, 0..127 (see `activation_ranges`).
* Pooled and enlarged tensors are as their inputs. A tensor that only a concatenation reads is rounded as the
  concatenation is, so that joining costs nothing.
* The last convolutions are not rounded: the sums themselves become the model's floats.
"""

from collections.abc import Iterable

import torch
from torch import nn

from .activation_ranges import Quantisation
from .fake_quantise import fake_weight
from .yolox import Twin, Yolox
from .yolox_steps import IMAGE, Level, Step, run, trace

SUM_TOP, TOP = 255, 127
WEIGHT_TOP, STEM_TOP = 127, 63
LEAST_SUM = -8.0  # SiLU is -0.003 there: sums below lose nothing
BINS, GRID = 4096, 24


def owners(steps: list[Step], levels: list[Level]) -> dict[str, str]:
    """For each rounded tensor the name under which its quantisation is kept."""
    source = {step.output: step.inputs[0] for step in steps if step.kind in ("pool", "enlarge")}
    readers: dict[str, set[str]] = {}
    for step in steps:
        if step.kind in ("pool", "enlarge"):
            continue
        for name in step.inputs:
            while name in source:
                name = source[name]
            readers.setdefault(name, set()).add(step.output)
    joined = {step.output for step in steps if step.kind == "concat"}
    ends = {name for level in levels for name in level}
    result = {}
    for step in steps:
        name = step.output
        if name in ends:
            continue
        root = name
        while root in source:
            root = source[root]
        only = readers.get(root, set())
        result[name] = next(iter(only)) if len(only) == 1 and only <= joined else root
    return result


def best_range(counts: torch.Tensor, low: float, high: float, top: int) -> Quantisation:
    """The quantisation of values counted in equal bins between low and high that loses the least squared error."""
    values = low + (torch.arange(len(counts), dtype=torch.float64) + 0.5) * (high - low) / len(counts)
    best, chosen = float("inf"), None
    shares = torch.arange(GRID // 4, GRID + 1) / GRID
    for upper in shares if high > 0 else [torch.tensor(1.0)]:
        for lower in shares if low < -1 else [torch.tensor(1.0)]:
            a, b = min(0.0, float(low * lower)), max(1e-6, float(high * upper))
            scale = (b - a) / top
            zero = round(-a / scale)
            error = (((values / scale).round().clamp(-zero, top - zero) * scale - values) ** 2 * counts).sum().item()
            if error < best:
                best, chosen = error, Quantisation(scale, zero, top)
    return chosen


@torch.no_grad()
def calibrate(network: Yolox | Twin, batches: Iterable[torch.Tensor]) -> dict[str, Quantisation]:
    """The quantisation of each owner, from pixels [N, 3, H, W]."""
    batches = list(batches)
    steps, levels = trace(network)
    owner = owners(steps, levels)
    sums = {step.output for step in steps if step.kind == "conv"}
    bounds: dict[str, tuple[float, float]] = {}
    counts: dict[str, torch.Tensor] = {}

    def widest(name: str, value: torch.Tensor) -> torch.Tensor:
        if name in owner:
            low, high = bounds.get(owner[name], (0.0, 0.0))
            bounds[owner[name]] = min(low, value.min().item()), max(high, value.max().item())
        return value

    def count(name: str, value: torch.Tensor) -> torch.Tensor:
        if name in owner:
            low, high = bounds[owner[name]]
            found = torch.histc(value.float().clamp(low, high), BINS, low, high).double().cpu()
            counts[owner[name]] = counts.get(owner[name], 0) + found
        return value

    for batch in batches:
        run(steps, levels, batch, seen=widest)
    for name in sums & bounds.keys():
        bounds[name] = max(bounds[name][0], LEAST_SUM), bounds[name][1]
    for batch in batches:
        run(steps, levels, batch, seen=count)
    return {
        name: best_range(counts[name], *bounds[name], SUM_TOP if name in sums else TOP) for name in counts
    }


class QuantisedYolox(nn.Module):
    """Runs a folded network as its int8 graph does, with straight-through gradients; the scales are learned."""

    def __init__(self, network: Yolox | Twin, quantisations: dict[str, Quantisation]):
        super().__init__()
        self.network = network
        self.steps, self.levels = trace(network)
        self.owner = owners(self.steps, self.levels)
        self.log_scales = nn.ParameterDict(
            {self._key(name): nn.Parameter(torch.tensor(float(q.scale)).log()) for name, q in quantisations.items()}
        )
        for name, q in quantisations.items():
            self.register_buffer(f"zero_{self._key(name)}", torch.tensor([float(q.zero)]))
        self.start = quantisations

    @staticmethod
    def _key(name: str) -> str:
        return name.replace(".", "_")

    def quantisations(self) -> dict[str, Quantisation]:
        """As they are by now."""
        return {
            name: Quantisation(self.log_scales[self._key(name)].exp().item(), q.zero, q.top)
            for name, q in self.start.items()
        }

    def forward(self, x: torch.Tensor) -> list[tuple[torch.Tensor, ...]]:
        def seen(name: str, value: torch.Tensor) -> torch.Tensor:
            owner = self.owner.get(name)
            if owner is None:
                return value
            key = self._key(owner)
            scale, zero = self.log_scales[key].exp().view(1), getattr(self, f"zero_{key}")
            # One kernel; gradients as in learned step sizes (arXiv 1902.08153).
            return torch._fake_quantize_learnable_per_tensor_affine(value, scale, zero, 0, self.start[owner].top, 1.0)

        def weight(step: Step) -> tuple[torch.Tensor, torch.Tensor]:
            kernel, bias = step.conv.folded()
            return fake_weight(kernel, STEM_TOP if step.inputs[0] == IMAGE else WEIGHT_TOP), bias

        return run(self.steps, self.levels, x, weight, seen)
