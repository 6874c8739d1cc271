"""A YOLOX network as a list of steps with named tensors: one description for running, calibrating, quantising, writing.

Convolutions have their normalisation folded in (`yolox.fold_batch_norm`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .yolox import EARLY, Bottleneck, Conv, Head, Pyramid, Stage, Twin, Yolox
from .yolox_split import SplitStem

IMAGE = "image"
POOLS = (5, 9, 13)


@dataclass(frozen=True)
class Step:
    """`output` = `kind`(`inputs`); kinds: conv, silu, add, concat, pool, enlarge."""

    kind: str
    output: str
    inputs: tuple[str, ...]
    conv: Conv | None = None
    size: int = 0  # of a pool's window


class _Tracer:
    def __init__(self, network: Yolox | Twin):
        self.names = {module: name for name, module in network.named_modules()}
        self.steps: list[Step] = []

    def add(self, kind: str, output: str, *inputs: str, **more) -> str:
        self.steps.append(Step(kind, output, inputs, **more))
        return output

    def conv(self, module: Conv, x: str) -> str:
        name = self.names[module]
        if not module.active:
            return self.add("conv", name, x, conv=module)
        return self.add("silu", name, self.add("conv", f"{name}.sum", x, conv=module))

    def chain(self, module: torch.nn.Module, x: str) -> str:
        """Any of the parts that take one tensor."""
        name = self.names[module]
        if isinstance(module, Conv):
            return self.conv(module, x)
        if isinstance(module, Stage):
            left = self.chain(module.blocks, self.conv(module.left, x))
            return self.conv(module.join, self.add("concat", f"{name}.cat", left, self.conv(module.right, x)))
        if isinstance(module, Bottleneck):
            y = self.chain(module.separable, self.conv(module.reduce, x))
            return self.add("add", f"{name}.add", y, x) if module.shortcut else y
        if isinstance(module, Pyramid):
            x = self.conv(module.before, x)
            pools = [self.add("pool", f"{name}.pool{size}", x, size=size) for size in POOLS]
            return self.conv(module.after, self.add("concat", f"{name}.cat", x, *pools))
        if isinstance(module, SplitStem):
            return self.add("concat", f"{name}.cat", *[self.chain(part, x) for part in module.parts])
        for part in module:
            x = self.chain(part, x)
        return x


Level = tuple[str, str, str]


def trace(network: Yolox | Twin) -> tuple[list[Step], list[Level]]:
    """The steps, and for each level the names of boxes, objectness and classes."""
    tracer = _Tracer(network)
    branches = network.branches if isinstance(network, Twin) else [network]
    x = IMAGE
    for name in EARLY:
        x = tracer.chain(getattr(branches[0], name), x)
    return tracer.steps, [level for branch in branches for level in _late(tracer, branch, x)]


def _late(tracer: _Tracer, branch: Yolox, c2: str) -> list[Level]:
    prefix = tracer.names[branch] and f"{tracer.names[branch]}."
    c3 = tracer.chain(branch.dark3, c2)
    c4 = tracer.chain(branch.dark4, c3)
    c5 = tracer.conv(branch.lateral, tracer.chain(branch.dark5, c4))

    def joined(name: str, a: str, b: str) -> str:
        return tracer.add("concat", f"{prefix}{name}.cat", a, b)

    up5 = tracer.add("enlarge", f"{prefix}up5", c5)
    f4 = tracer.conv(branch.reduce, tracer.chain(branch.top4, joined("up4", up5, c4)))
    up4 = tracer.add("enlarge", f"{prefix}up4", f4)
    p3 = tracer.chain(branch.top3, joined("up3", up4, c3))
    p4 = tracer.chain(branch.out4, joined("down4", tracer.chain(branch.down3, p3), f4))
    p5 = tracer.chain(branch.out5, joined("down5", tracer.chain(branch.down4, p4), c5))
    levels = []
    for head, feature in zip(branch.heads, (p3, p4, p5)):
        assert isinstance(head, Head)
        x = tracer.conv(head.stem, feature)
        located = tracer.chain(head.locate, x)
        boxes, objectness = tracer.conv(head.boxes, located), tracer.conv(head.objectness, located)
        levels.append((boxes, objectness, tracer.conv(head.classes, tracer.chain(head.classify, x))))
    return levels


def run(
    steps: list[Step],
    levels: list[Level],
    image: torch.Tensor,
    weight: Callable[[Step], tuple[torch.Tensor, torch.Tensor]] = lambda step: step.conv.folded(),
    seen: Callable[[str, torch.Tensor], torch.Tensor] = lambda name, value: value,
) -> list[tuple[torch.Tensor, ...]]:
    """What the network answers to pixels [N, 3, H, W] (blue, green, red); `seen` may replace each tensor, `weight` the
    weight and bias of each convolution."""
    values = {IMAGE: image}
    for step in steps:
        inputs = [values[name] for name in step.inputs]
        if step.kind == "conv":
            conv = step.conv.conv
            kernel, bias = weight(step)
            result = F.conv2d(inputs[0], kernel, bias, conv.stride, conv.padding, groups=conv.groups)
        elif step.kind == "silu":
            result = F.silu(inputs[0])
        elif step.kind == "add":
            result = inputs[0] + inputs[1]
        elif step.kind == "concat":
            result = torch.cat(inputs, 1)
        elif step.kind == "pool":
            result = F.max_pool2d(inputs[0], step.size, 1, step.size // 2)
        else:
            result = F.interpolate(inputs[0], scale_factor=2.0)
        values[step.output] = seen(step.output, result)
    return [tuple(values[name] for name in level) for level in levels]
