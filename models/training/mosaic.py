"""Augmentation of pictures with boxes, on the GPU: mosaics of four, scale, flips, colour."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .detection import IGNORED, NONE

GREY = 114.0
VISIBLE = 0.3  # part of a box that must be left, else its region is ignored
SMALLEST = 3.0  # pixels of a box's shorter side


@dataclass
class Boxed:
    """Pictures in the top left corner of [N, 3, S, S] uint8, their sizes [N, 2] (width, height), boxes [N, G, 4] in
    pixels and labels [N, G]."""

    images: torch.Tensor
    sizes: torch.Tensor
    boxes: torch.Tensor
    labels: torch.Tensor


def mosaics(
    source: Boxed, chosen: torch.Tensor, side: int, generator: torch.Generator, share: float, most: int = 80
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """`chosen` [N, 4] pictures -> pixels 0..255 [N, 3, side, side], boxes [N, most, 4], labels [N, most].

    A `share` of the results are mosaics of their four pictures; the others show the first one alone.
    """
    count, device = len(chosen), source.images.device

    def uniform(low: float, high: float, *shape: int) -> torch.Tensor:
        return torch.rand(*(shape or (count,)), device=device, generator=generator) * (high - low) + low

    is_mosaic = uniform(0, 1) < share
    cross = torch.where(is_mosaic[:, None], uniform(0.3, 0.7, count, 2) * side, torch.full((), float(side), device=device))
    axis = torch.arange(side, device=device) + 0.5
    canvas = torch.full((count, 3, side, side), GREY, device=device)
    boxes, labels = [], []
    for quarter in range(4):
        right, lower = quarter % 2, quarter // 2
        corner = torch.tensor([right, lower], device=device)
        low = torch.where(corner.bool(), cross, torch.zeros_like(cross))  # [N, 2]
        high = torch.where(corner.bool(), torch.full_like(cross, float(side)), cross)
        index = chosen[:, quarter]
        size = source.sizes[index].float()
        fit = side / size.amax(1)
        scale = fit * torch.where(is_mosaic, torch.exp(uniform(-1.2, 0.1)), torch.exp(uniform(-0.45, 0.3)))
        stretch = torch.exp(uniform(-0.12, 0.12))
        scale = torch.stack([scale * stretch, scale / stretch], 1)
        flip = uniform(0, 1) < 0.5
        shown = size * scale
        offset = low + uniform(0, 1, count, 2) * (high - low - shown)
        # Pixels of the canvas -> pixels of the picture.
        x = (axis[None] - offset[:, :1]) / scale[:, :1]
        x = torch.where(flip[:, None], size[:, :1] - x, x)
        y = (axis[None] - offset[:, 1:]) / scale[:, 1:]
        inside = (x > 0) & (x < size[:, :1]) & (axis >= low[:, :1]) & (axis < high[:, :1])
        inside = inside[:, None, :] & ((y > 0) & (y < size[:, 1:]) & (axis >= low[:, 1:]) & (axis < high[:, 1:]))[:, :, None]
        stored = source.images.shape[2]
        grid = torch.stack(
            [
                (x.clamp(min=0.5).minimum(size[:, :1] - 0.5) * 2 / stored - 1)[:, None, :].expand(-1, side, -1),
                (y.clamp(min=0.5).minimum(size[:, 1:] - 0.5) * 2 / stored - 1)[:, :, None].expand(-1, -1, side),
            ],
            -1,
        )
        sampled = F.grid_sample(source.images[index].float(), grid, mode="bilinear", align_corners=False)
        canvas = torch.where(inside[:, None], sampled, canvas)
        box, label = source.boxes[index].float(), source.labels[index]
        flipped = torch.stack([size[:, :1] - box[..., 2], box[..., 1], size[:, :1] - box[..., 0], box[..., 3]], -1)
        box = torch.where(flip[:, None, None], flipped, box)
        box = box * scale.repeat(1, 2)[:, None] + offset.repeat(1, 2)[:, None]
        full = (box[..., 2:] - box[..., :2]).prod(-1)
        box = torch.maximum(torch.minimum(box, high.repeat(1, 2)[:, None]), low.repeat(1, 2)[:, None])
        extent = box[..., 2:] - box[..., :2]
        cut = (extent.prod(-1) < VISIBLE * full) | (extent.amin(-1) < SMALLEST)
        label = torch.where((label >= 0) & cut, torch.full_like(label, IGNORED), label)
        label = torch.where(extent.amin(-1) <= 0, torch.full_like(label, NONE), label)
        if quarter > 0:
            label = torch.where(is_mosaic[:, None], label, torch.full_like(label, NONE))
        boxes.append(box)
        labels.append(label)
    box, label = torch.cat(boxes, 1), torch.cat(labels, 1)
    order = (label == NONE).int().sort(dim=1, stable=True).indices[:, :most]
    return coloured(canvas, generator), box.gather(1, order[..., None].expand(-1, -1, 4)), label.gather(1, order)


def coloured(x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Brightness, contrast, saturation and the balance of colours, each by a small random factor."""

    def factor(spread: float, channels: int = 1) -> torch.Tensor:
        value = torch.rand(len(x), channels, 1, 1, device=x.device, generator=generator)
        return 1 + (value * 2 - 1) * spread

    mean = x.mean((1, 2, 3), keepdim=True)
    x = (mean + (x - mean) * factor(0.3)) * factor(0.3) * factor(0.05, 3)
    grey = x.mean(1, keepdim=True)
    return (grey + (x - grey) * factor(0.5)).clamp(0, 255)
