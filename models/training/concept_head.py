"""Trunk → pool → hidden units that each stand for a concept → linear → unit length.

A linear map from pooled features to a space of words forgets what a classifier knows: 3 % of ImageNet's classes are
found by their names, instead of 71 %. So the hidden layer starts as the classifier, each class a unit that is silent
until its logit passes THRESHOLD, and the second layer as the classes' words: after ConSE (arXiv 1312.5650), with a
ramp in the place of the softmax. The other units start along the principal axes of the features, both ways.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .trunks import PIXEL_MEAN, PIXEL_SCALE, Trunk

THRESHOLD = 4.0
SHORTEST = 1e-2  # where every unit is silent there is no direction, and no end to its gradient


class ConceptTower(nn.Module):
    """uint8 or float pixels 0..255 [N, 3, H, W] -> unit vectors [N, dimensions]."""

    def __init__(self, trunk: Trunk, hidden: int, dimensions: int):
        super().__init__()
        self.trunk = trunk
        self.concepts = nn.Linear(trunk.features, hidden)
        self.linear = nn.Linear(hidden, dimensions, bias=False)

    def pooled(self, images: torch.Tensor) -> torch.Tensor:
        """Mean of the last map [N, F] in float32."""
        x = (images.float() - PIXEL_MEAN) / PIXEL_SCALE
        return self.trunk(x.contiguous(memory_format=torch.channels_last)).float().mean((2, 3))

    def hidden(self, features: torch.Tensor) -> torch.Tensor:
        """Pooled features [N, F] -> activations [N, hidden], none below 0."""
        return F.relu(self.concepts(features))

    def project(self, features: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.linear(self.hidden(features)), dim=1, eps=SHORTEST)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.project(self.pooled(images))


@torch.no_grad()
def start(tower: ConceptTower, classifier: nn.Linear, words: torch.Tensor, features: torch.Tensor) -> None:
    """`words`: unit vectors [classes, D]; `features`: pooled features [N, F] whose axes the other units follow."""
    classes, hidden = classifier.out_features, tower.concepts.out_features
    pairs = (hidden - classes) // 2
    centred = features - features.mean(0)
    _, _, axes = torch.linalg.svd(centred, full_matrices=False)
    axes = axes[:pairs] / (centred @ axes[:pairs].T).std(0)[:, None]
    offset = -(axes @ features.mean(0))
    tower.concepts.weight.copy_(torch.cat([classifier.weight, axes, -axes]))
    tower.concepts.bias.copy_(torch.cat([classifier.bias - THRESHOLD, offset, -offset]))
    generator = torch.Generator().manual_seed(0)
    few = torch.randn(tower.linear.weight.shape, generator=generator) * 0.002
    tower.linear.weight.copy_(few.to(tower.linear.weight.device))
    tower.linear.weight[:, :classes].copy_(words.T)


def prototypes(classifier: nn.Linear, features: torch.Tensor, steps: int = 60) -> torch.Tensor:
    """Features [classes, F] that the classifier is sure of and that look like `features` [N, F] otherwise: what it
    knows of classes of which there are no pictures."""
    mean, deviation = features.mean(0), features.std(0) + 1e-3
    x = mean.expand(classifier.out_features, -1).clone().requires_grad_(True)
    labels = torch.arange(classifier.out_features, device=x.device)
    optimizer = torch.optim.Adam([x], lr=0.02)
    for _ in range(steps):
        own = F.relu(x)
        loss = F.cross_entropy(F.linear(own, classifier.weight.detach(), classifier.bias.detach()), labels)
        loss = loss + 0.5 * (((own - mean) / deviation) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return F.relu(x).detach()
