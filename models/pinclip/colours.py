"""Names of colours: from pixels to words, and how a name changes when the hue is turned."""

import numpy as np
import torch

NAMES = ("black", "white", "grey", "red", "orange", "brown", "beige", "yellow", "green", "blue", "purple", "pink")
NUMBER = {name: number for number, name in enumerate(NAMES)}
TO_YIQ = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])


def named(rgb: torch.Tensor) -> torch.Tensor:
    """Colours [N, 3], 0..255, to numbers of names [N], by hue, saturation and value."""
    x = rgb.float() / 255
    value, low = x.max(1).values, x.min(1).values
    chroma = value - low
    saturation = chroma / value.clamp(min=1e-6)
    r, g, b = x.unbind(1)
    safe = chroma.clamp(min=1e-6)
    hue = torch.where(
        value == r, ((g - b) / safe) % 6, torch.where(value == g, (b - r) / safe + 2, (r - g) / safe + 4)
    )
    hue = hue * 60
    name = torch.full_like(hue, NUMBER["red"], dtype=torch.long)

    def set_where(condition: torch.Tensor, colour: str) -> None:
        nonlocal name
        name = torch.where(condition, torch.full_like(name, NUMBER[colour]), name)

    reddish = (hue < 16) | (hue >= 345)
    set_where(reddish & (saturation < 0.5) & (value > 0.65), "pink")
    set_where(reddish & (value < 0.35), "brown")
    orange = (hue >= 16) & (hue < 42)
    set_where(orange, "orange")
    set_where(orange & ((value < 0.65) | (saturation < 0.6)), "brown")
    set_where(orange & (value >= 0.6) & (saturation < 0.5), "beige")
    yellow = (hue >= 42) & (hue < 68)
    set_where(yellow, "yellow")
    set_where(yellow & (value < 0.55), "green")
    set_where(yellow & (saturation < 0.4), "beige")
    set_where((hue >= 68) & (hue < 168), "green")
    set_where((hue >= 168) & (hue < 258), "blue")
    set_where((hue >= 258) & (hue < 296), "purple")
    set_where((hue >= 296) & (hue < 345), "pink")
    set_where((hue >= 296) & (hue < 345) & (value < 0.5), "purple")
    grey = (saturation < 0.13) | (chroma < 0.06)
    set_where(grey, "grey")
    set_where(grey & (value > 0.8), "white")
    set_where(value < 0.2, "black")
    set_where((value < 0.28) & (saturation < 0.35), "black")
    return name


def hue_rotation(angles: torch.Tensor) -> torch.Tensor:
    """Matrices [N, 3, 3] that turn the hue of RGB columns by angles [N] in radians, in YIQ."""
    cos, sin = angles.cos(), angles.sin()
    zero, one = torch.zeros_like(cos), torch.ones_like(cos)
    turn = torch.stack([one, zero, zero, zero, cos, -sin, zero, sin, cos], 1).view(-1, 3, 3)
    to = TO_YIQ.to(angles.device)
    return torch.linalg.inv(to)[None] @ turn @ to[None]


def foreground(image: np.ndarray, clusters: int = 5) -> tuple[int, int, int]:
    """The colour [3] of what stands in the middle of pixels [H, W, 3]: of k means, the one that fills most of the
    middle and least of the border."""
    height, width, _ = image.shape
    y, x = np.mgrid[0:height, 0:width]
    middle = (abs(x / width - 0.5) < 0.25) & (abs(y / height - 0.5) < 0.25)
    border = (abs(x / width - 0.5) > 0.44) | (abs(y / height - 0.5) > 0.44)
    pixels = torch.from_numpy(image.reshape(-1, 3).astype(np.float32))
    random = torch.Generator().manual_seed(0)
    centres = pixels[torch.randint(len(pixels), (clusters,), generator=random)]
    for _ in range(8):
        nearest = torch.cdist(pixels, centres).argmin(1)
        for number in range(clusters):
            if (nearest == number).any():
                centres[number] = pixels[nearest == number].mean(0)
    nearest = torch.cdist(pixels, centres).argmin(1).numpy().reshape(height, width)
    share = [
        (nearest[middle] == number).mean() - 0.8 * (nearest[border] == number).mean() for number in range(clusters)
    ]
    return tuple(round(value) for value in centres[int(np.argmax(share))].tolist())
