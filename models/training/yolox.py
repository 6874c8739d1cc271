"""YOLOX with depthwise convolutions (arXiv 2107.08430), and the weights of YOLOX-nano from its ONNX file.

The published file holds convolutions with their batch normalisation folded in. `load_onnx` reads them as they are;
`restore_batch_norm` puts normalisations back that measure the same function, so that the network can be trained
further. Pixels are 0..255 in the order blue, green, red, as YOLOX takes them.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

STRIDES = (8, 16, 32)
EARLY = ("stem", "dark2")  # stages up to stride 4
Levels = list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]
BATCH_NORM_EPS = 1e-3


class Conv(nn.Module):
    """Convolution, batch normalisation (or a bias where it is folded), SiLU (or nothing)."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1, active: bool = True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, groups=groups)
        self.norm: nn.BatchNorm2d | None = None
        self.active = active

    def folded(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Weight and bias of the convolution with the running statistics folded in."""
        weight, bias = self.conv.weight, self.conv.bias
        if self.norm is None:
            return weight, bias
        factor = self.norm.weight / (self.norm.running_var + self.norm.eps).sqrt()
        return weight * factor[:, None, None, None], (bias - self.norm.running_mean) * factor + self.norm.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv(x)
        if self.norm is not None:
            x = self.norm(x)
        return F.silu(x) if self.active else x


def separable(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    """A depthwise convolution and one across channels."""
    return nn.Sequential(Conv(inputs, inputs, kernel, stride, groups=inputs), Conv(inputs, outputs))


class Bottleneck(nn.Module):
    def __init__(self, channels: int, shortcut: bool):
        super().__init__()
        self.reduce, self.separable, self.shortcut = Conv(channels, channels), separable(channels, channels), shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.separable(self.reduce(x))
        return y + x if self.shortcut else y


class Stage(nn.Module):
    """A cross-stage partial stage: half of the channels pass the bottlenecks."""

    def __init__(self, inputs: int, outputs: int, depth: int, shortcut: bool = True):
        super().__init__()
        hidden = outputs // 2
        self.left, self.right = Conv(inputs, hidden), Conv(inputs, hidden)
        self.blocks = nn.Sequential(*[Bottleneck(hidden, shortcut) for _ in range(depth)])
        self.join = Conv(2 * hidden, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.join(torch.cat([self.blocks(self.left(x)), self.right(x)], 1))


class Pyramid(nn.Module):
    """Spatial pyramid pooling."""

    def __init__(self, channels: int):
        super().__init__()
        self.before, self.after = Conv(channels, channels // 2), Conv(channels * 2, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.before(x)
        return self.after(torch.cat([x, *[F.max_pool2d(x, size, 1, size // 2) for size in (5, 9, 13)]], 1))


class Head(nn.Module):
    """The decoupled head of one level; gives raw numbers."""

    def __init__(self, inputs: int, classes: int, hidden: int = 64):
        super().__init__()
        self.stem = Conv(inputs, hidden)
        self.classify = nn.Sequential(separable(hidden, hidden), separable(hidden, hidden))
        self.classes = Conv(hidden, classes, active=False)
        self.locate = nn.Sequential(separable(hidden, hidden), separable(hidden, hidden))
        self.boxes = Conv(hidden, 4, active=False)
        self.objectness = Conv(hidden, 1, active=False)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        x = self.stem(x)
        located = self.locate(x)
        return self.boxes(located), self.objectness(located), self.classes(self.classify(x))


class Yolox(nn.Module):
    """YOLOX-nano. The focus layer and the convolution after it are one 6×6 convolution of stride 2."""

    def __init__(self, classes: int = 80):
        super().__init__()
        self.stem = Conv(3, 16, 6, 2)
        self.dark2 = nn.Sequential(separable(16, 32, 3, 2), Stage(32, 32, 1))
        self.dark3 = nn.Sequential(separable(32, 64, 3, 2), Stage(64, 64, 3))
        self.dark4 = nn.Sequential(separable(64, 128, 3, 2), Stage(128, 128, 3))
        self.dark5 = nn.Sequential(separable(128, 256, 3, 2), Pyramid(256), Stage(256, 256, 1, False))
        self.lateral, self.top4 = Conv(256, 128), Stage(256, 128, 1, False)
        self.reduce, self.top3 = Conv(128, 64), Stage(128, 64, 1, False)
        self.down3, self.out4 = separable(64, 64, 3, 2), Stage(128, 128, 1, False)
        self.down4, self.out5 = separable(128, 128, 3, 2), Stage(256, 256, 1, False)
        self.heads = nn.ModuleList(Head(channels, classes) for channels in (64, 128, 256))

    def early(self, x: torch.Tensor) -> torch.Tensor:
        """Pixels [N, 3, H, W] -> features of stride 4."""
        return self.dark2(self.stem(x))

    def late(self, c2: torch.Tensor) -> Levels:
        """Features of stride 4 -> what `forward` answers."""
        c3 = self.dark3(c2)
        c4 = self.dark4(c3)
        c5 = self.lateral(self.dark5(c4))
        f4 = self.reduce(self.top4(torch.cat([F.interpolate(c5, scale_factor=2.0), c4], 1)))
        p3 = self.top3(torch.cat([F.interpolate(f4, scale_factor=2.0), c3], 1))
        p4 = self.out4(torch.cat([self.down3(p3), f4], 1))
        p5 = self.out5(torch.cat([self.down4(p4), c5], 1))
        return [head(feature) for head, feature in zip(self.heads, (p3, p4, p5))]

    def forward(self, x: torch.Tensor) -> Levels:
        """Pixels [N, 3, H, W] -> for each stride (boxes [N, 4, h, w], objectness [N, 1, h, w], classes [N, C, h, w])."""
        return self.late(self.early(x))


class Twin(nn.Module):
    """Two detectors that share all stages up to stride 4: those of the first one."""

    def __init__(self, first: Yolox, second: Yolox):
        super().__init__()
        for name in EARLY:
            setattr(second, name, getattr(first, name))
        self.branches = nn.ModuleList([first, second])

    @property
    def stem(self) -> Conv:
        return self.branches[0].stem

    def forward(self, x: torch.Tensor) -> Levels:
        """The levels of the first detector, then those of the second."""
        c2 = self.branches[0].early(x)
        return [level for branch in self.branches for level in branch.late(c2)]


def convolutions(network: nn.Module) -> list[Conv]:
    """In order of definition, which is the order in the published file."""
    return [module for module in network.modules() if isinstance(module, Conv)]


def focus_weight(weight: np.ndarray) -> np.ndarray:
    """[O, 12, 3, 3] behind the focus layer (top left, bottom left, top right, bottom right) -> [O, 3, 6, 6]."""
    result = np.zeros((len(weight), 3, 6, 6), weight.dtype)
    for part, (row, column) in enumerate(((0, 0), (1, 0), (0, 1), (1, 1))):
        result[:, :, row::2, column::2] = weight[:, 3 * part : 3 * part + 3]
    return result


def load_onnx(path: Path) -> Yolox:
    """The published YOLOX-nano, 80 classes of COCO."""
    graph = onnx.load(str(path)).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    network = Yolox()
    modules = convolutions(network)
    assert len(nodes) == len(modules)
    network.stem.conv.padding = (2, 2)
    for node, module in zip(nodes, modules):
        weight, bias = (torch.from_numpy(np.array(constants[name])) for name in node.input[1:])
        if module is network.stem:
            weight = torch.from_numpy(focus_weight(weight.numpy()))
        assert module.conv.weight.shape == weight.shape, (module, weight.shape)
        module.conv.weight.data.copy_(weight)
        module.conv.bias.data.copy_(bias)
    return network


@torch.no_grad()
def restore_batch_norm(network: nn.Module, pixels: torch.Tensor) -> None:
    """Puts a batch normalisation behind every active convolution that has none, so that nothing changes on `pixels`.

    The filters get unit length, so that one learning rate suits all of them; the normalisation takes over their
    length, the measured mean and deviation, and the bias.
    """

    def measure(module: Conv, inputs: tuple[torch.Tensor, ...]) -> None:
        conv = module.conv
        length = conv.weight.flatten(1).norm(dim=1).clamp(min=1e-6)
        conv.weight.div_(length[:, None, None, None])
        plain = F.conv2d(inputs[0], conv.weight, None, conv.stride, conv.padding, groups=conv.groups)
        variance, mean = torch.var_mean(plain.float(), (0, 2, 3))
        variance = variance.clamp(min=1e-6)
        norm = nn.BatchNorm2d(len(mean), eps=BATCH_NORM_EPS, momentum=0.03).to(plain.device)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + BATCH_NORM_EPS).sqrt() * length)
        norm.bias.copy_(mean * length + conv.bias)
        conv.bias.zero_()
        conv.bias.requires_grad_(False)
        module.norm = norm.eval()

    network.eval()
    bare = [module for module in convolutions(network) if module.active and module.norm is None]
    handles = [module.register_forward_pre_hook(measure) for module in bare]
    network(pixels)
    for handle in handles:
        handle.remove()


@torch.no_grad()
def fold_batch_norm(network: nn.Module) -> None:
    """The same network without normalisations."""
    for module in convolutions(network):
        weight, bias = module.folded()
        module.conv.weight.copy_(weight)
        module.conv.bias.copy_(bias)
        module.norm = None


def decode(levels: Levels) -> tuple[torch.Tensor, ...]:
    """Raw levels of one detector -> (boxes [N, A, 4] as corners in pixels, objectness logits [N, A], class logits [N, A, C], and for
    each place its centre in pixels and stride [A, 3])."""
    boxes, objectness, classes, places = [], [], [], []
    for (box, thing, kind), stride in zip(levels, STRIDES):
        height, width = box.shape[2:]
        y, x = torch.meshgrid(
            torch.arange(height, device=box.device), torch.arange(width, device=box.device), indexing="ij"
        )
        grid = torch.stack([x, y], -1).reshape(-1, 2).float()
        raw = box.float().flatten(2).transpose(1, 2)
        centre = (raw[..., :2] + grid) * stride
        half = raw[..., 2:].clamp(max=10).exp() * (stride / 2)
        boxes.append(torch.cat([centre - half, centre + half], -1))
        objectness.append(thing.float().flatten(1))
        classes.append(kind.float().flatten(2).transpose(1, 2))
        places.append(torch.cat([(grid + 0.5) * stride, torch.full_like(grid[:, :1], stride)], 1))
    return torch.cat(boxes, 1), torch.cat(objectness, 1), torch.cat(classes, 1), torch.cat(places)
