"""Augmentation on the GPU: geometry by one affine resampling, then colour, all per picture."""

import math

import torch
import torch.nn.functional as F


def augment(images: torch.Tensor, side: int, generator: torch.Generator, smallest: float = 0.35) -> torch.Tensor:
    """Pixels 0..255 [N, 3, H, W] -> float32 pixels 0..255 [N, 3, side, side].

    Crop of `smallest`..1 of the area with aspect 3:4..4:3, flip, rotation up to 12 degrees, brightness, contrast and
    saturation by a factor 0.6..1.4, grey with probability 0.08, an erased rectangle with probability 0.25.
    """
    count, device = len(images), images.device

    def uniform(low: float, high: float) -> torch.Tensor:
        return torch.rand(count, device=device, generator=generator) * (high - low) + low

    area, aspect = uniform(smallest, 1.0), torch.exp(uniform(math.log(3 / 4), math.log(4 / 3)))
    width, height = (area * aspect).sqrt().clamp(max=1.0), (area / aspect).sqrt().clamp(max=1.0)
    flip = torch.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    angle = uniform(-12, 12) * math.pi / 180 * (uniform(0, 1) < 0.5)
    theta = torch.zeros(count, 2, 3, device=device)
    theta[:, 0, 0], theta[:, 0, 1] = width * flip * angle.cos(), -height * angle.sin()
    theta[:, 1, 0], theta[:, 1, 1] = width * flip * angle.sin(), height * angle.cos()
    theta[:, 0, 2], theta[:, 1, 2] = uniform(-1, 1) * (1 - width), uniform(-1, 1) * (1 - height)
    grid = F.affine_grid(theta, [count, 3, side, side], align_corners=False)
    x = F.grid_sample(images.float(), grid, mode="bilinear", padding_mode="reflection", align_corners=False)

    def factor() -> torch.Tensor:
        return uniform(0.6, 1.4)[:, None, None, None]

    x = x * factor()
    mean = x.mean((1, 2, 3), keepdim=True)
    x = mean + (x - mean) * factor()
    grey = (x * torch.tensor([0.299, 0.587, 0.114], device=device)[None, :, None, None]).sum(1, keepdim=True)
    saturation = torch.where(uniform(0, 1)[:, None, None, None] < 0.08, torch.zeros_like(factor()), factor())
    x = (grey + (x - grey) * saturation).clamp(0, 255)

    axis = torch.linspace(0, 1, side, device=device)
    erased = uniform(0, 1) < 0.25
    inside = [((axis[None] - uniform(0, 1)[:, None]).abs() < uniform(0.08, 0.2)[:, None]) for _ in range(2)]
    mask = inside[0][:, None, :, None] & inside[1][:, None, None, :] & erased[:, None, None, None]
    return torch.where(mask, torch.full_like(x, 127.0), x)
