"""Trunk -> global average pool -> LayerNorm without affine -> linear without bias -> unit length.

Head as in the code published with "Classification is a Strong Baseline for Deep Metric Learning"
(arXiv 1811.12649), which the unified embedding (arXiv 1908.01707) builds on.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .trunks import PIXEL_MEAN, PIXEL_SCALE, Trunk

LAYER_NORM_EPS = 1e-5


class Embedder(nn.Module):
    """uint8 or float pixels 0..255 [N, 3, H, W] -> unit vectors [N, dimensions]."""

    def __init__(self, trunk: Trunk, dimensions: int, layer_norm: bool = True):
        super().__init__()
        self.trunk, self.layer_norm = trunk, layer_norm
        self.linear = nn.Linear(trunk.features, dimensions, bias=False)

    def pooled(self, images: torch.Tensor) -> torch.Tensor:
        """Mean of the last map [N, F] in float32."""
        x = (images.float() - PIXEL_MEAN) / PIXEL_SCALE
        return self.trunk(x.contiguous(memory_format=torch.channels_last)).float().mean((2, 3))

    def project(self, features: torch.Tensor) -> torch.Tensor:
        """Pooled features [N, F] -> unit vectors [N, dimensions]."""
        if self.layer_norm:
            features = F.layer_norm(features, features.shape[1:], eps=LAYER_NORM_EPS)
        return F.normalize(F.linear(features, self.linear.weight), dim=1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.project(self.pooled(images))


def principal_projection(
    features: torch.Tensor, dimensions: int, layer_norm: bool = True, seed: int = 0
) -> torch.Tensor:
    """Linear weight [dimensions, F] that keeps most of the variance of pooled features [N, F].

    The mean direction is projected out, so that vectors are centred without a bias, and the principal axes are
    rotated at random, so that each bit of the sign code carries as much as the others. Ours, not the paper's.
    """
    if layer_norm:
        features = F.layer_norm(features, features.shape[1:], eps=LAYER_NORM_EPS)
    features = features.double()
    mean = features.mean(0)
    direction = mean / mean.norm()
    centred = features - mean
    centred = centred - (centred @ direction)[:, None] * direction
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    axes = vectors[:, -dimensions:].T
    generator = torch.Generator().manual_seed(seed)
    rotation = torch.linalg.qr(torch.randn(dimensions, dimensions, generator=generator, dtype=torch.float64))[0]
    return (rotation.to(axes.device) @ axes).float()
