"""A first layer in parts whose ranges differ: each is rounded by steps of its own.

The first convolution's channels differ in range by a factor of 300 (colour edges against brightness), so that one step
of 7 bits for all destroys the small ones. Channels of similar range are put together, each group with its own
convolution, depthwise convolution and rounding; a group is filled up with channels of zeros to a multiple of 8.
"""

import copy

import torch
from torch import nn

from .yolox import EARLY, Conv, Twin

BLOCK = 8


class SplitStem(nn.Module):
    """Pixels [N, 3, H, W] -> [N, channels of all groups, H / 4, W / 4]: first convolution and the depthwise one."""

    def __init__(self, parts: list[nn.Sequential]):
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([part(x) for part in self.parts], 1)


@torch.no_grad()
def channel_groups(network: Twin, pixels: torch.Tensor, sizes: tuple[int, ...]) -> list[list[int]]:
    """The first convolution's channels by the largest value that they reach, in groups of these sizes."""
    reached = network.stem(pixels).amax((0, 2, 3))
    return [group.tolist() for group in reached.argsort().split(list(sizes))]


def _rows(conv: Conv, group: list[int], inputs: int) -> Conv:
    """A convolution with some of the outputs of a folded one, filled up with zeros."""
    source = conv.conv
    count = -(-len(group) // BLOCK) * BLOCK
    groups = 1 if source.groups == 1 else count
    result = Conv(inputs, count, source.kernel_size[0], source.stride[0], groups, conv.active).to(source.weight.device)
    result.conv.padding = source.padding
    result.conv.weight.zero_()
    result.conv.bias.zero_()
    result.conv.weight[: len(group)] = source.weight[group]
    result.conv.bias[: len(group)] = source.bias[group]
    return result


@torch.no_grad()
def split_stem(network: Twin, groups: list[list[int]]) -> Twin:
    """The same function with its first layers in groups of channels; `network` has its normalisations folded in."""
    network = copy.deepcopy(network)
    first = network.branches[0]
    (depthwise, pointwise), stage = first.dark2[0], first.dark2[1]
    parts, columns = [], []
    for group in groups:
        begin = _rows(first.stem, group, 3)
        width = begin.conv.out_channels
        parts.append(nn.Sequential(begin, _rows(depthwise, group, width)))
        columns += group + [-1] * (width - len(group))
    source = pointwise.conv
    joined = Conv(len(columns), source.out_channels, active=pointwise.active).to(source.weight.device)
    joined.conv.weight.zero_()
    for index, column in enumerate(columns):
        if column >= 0:
            joined.conv.weight[:, index] = source.weight[:, column]
    joined.conv.bias.copy_(source.bias)
    first.stem, first.dark2 = SplitStem(parts), nn.Sequential(joined, stage)
    for branch in network.branches[1:]:
        for name in EARLY:
            setattr(branch, name, getattr(first, name))
    return network.eval()
