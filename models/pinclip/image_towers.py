"""The image towers that the recipe trains, and what they start from.

* `concepts`, the shipped one: EfficientNet-lite2 at 260 × 260, all of it trained.
* `unified`: the trunk of models/unified-embedding as it is shipped, at 224 × 224; only the head learns, so that one pass
  over a picture serves both. The classifier of its ImageNet start still fits what it became, so the head starts with it.
* `unified-tuned`: the same with the trunk trained.
* `funnel`: the paper's form. Its pooled features are to become those of lite2, whose classifier its head starts with.

All have the same head, texts, losses and steps.
"""

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training import trunks
from training.concept_head import ConceptTower, start
from training.embedder import Embedder
from training.funnel import SIDE, Funnel
from training.onnx_trunk import trunk_of

TEACHER, UNIFIED = "efficientnet-lite2", "unified-embedding"
UNIFIED_FILE = Path(__file__).parents[1] / UNIFIED / f"{UNIFIED}.fp32.onnx"
UNIFIED_BACKBONE = "efficientnet-lite0"
SIDES = {"concepts": 260, "unified": 224, "unified-tuned": 224, "funnel": SIDE}  # pixels
HIDDEN, DIMENSIONS = 1536, 256


class Classifier(nn.Module):
    """A trunk with an ImageNet layer: pixels -> log-probabilities of 1,000 classes."""

    def __init__(self, trunk: trunks.Trunk, linear: dict[str, torch.Tensor]):
        super().__init__()
        self.trunk, self.linear = trunk, nn.Linear(trunk.features, 1000)
        self.linear.load_state_dict({key: value.float() for key, value in linear.items()})

    def features(self, images: torch.Tensor) -> torch.Tensor:
        x = (images - trunks.PIXEL_MEAN) / trunks.PIXEL_SCALE
        return self.trunk(x.contiguous(memory_format=torch.channels_last)).float().mean((2, 3))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return F.log_softmax(self.linear(self.features(images)), dim=1)


def travelled(folder: Path, name: str) -> Path | None:
    """A file of weights that travelled with the pack."""
    return next(iter(folder.rglob(name)), None)


def imagenet(name: str, folder: Path) -> Classifier:
    """ImageNet weights that travelled with the pack; else those of the installed package."""
    path = travelled(folder, f"{name}.pth") or trunks.package_weights(name)
    state = torch.load(path, weights_only=True, map_location="cpu")
    trunk = trunks.Trunk(name)
    trunk.load_state_dict({key: value.float() for key, value in trunks.convert(state).items()})
    return Classifier(trunk, {key: state[f"_fc.{key}"] for key in ("weight", "bias")})


def unified(folder: Path) -> tuple[Classifier, Embedder]:
    """The shipped unified embedding: with the classifier of its backbone, and with its own last layer."""
    trunk, matrix = trunk_of(travelled(folder, UNIFIED_FILE.name) or UNIFIED_FILE, UNIFIED_BACKBONE)
    embedder = Embedder(trunk, len(matrix))
    embedder.linear.weight.data.copy_(matrix)
    path = travelled(folder, f"{UNIFIED_BACKBONE}.linear.pth")
    linear = torch.load(path, weights_only=True) if path else imagenet(UNIFIED_BACKBONE, folder).linear.state_dict()
    return Classifier(trunk, linear), embedder


@dataclass
class Beginning:
    """A tower before training; `own`: the classifier whose features it keeps near; `frozen`: its trunk is `own`'s."""

    tower: ConceptTower
    own: Classifier
    side: int
    frozen: bool

    def parameters(self) -> dict[str, list[nn.Parameter]]:
        """By what they start from: `pretrained`, `fresh` (at random) and the `head`."""
        trunk = self.tower.trunk
        fresh = trunk.fresh() if isinstance(trunk, Funnel) else []
        known = {id(one) for one in fresh}
        pretrained = [] if self.frozen else [one for one in trunk.parameters() if id(one) not in known]
        return {
            "pretrained": pretrained,
            "fresh": fresh,
            "head": [*self.tower.concepts.parameters(), self.tower.linear.weight],
        }


def own_classifier(name: str, backbone: str, teacher: Classifier, folder: Path) -> Classifier:
    if name.startswith("unified"):
        return unified(folder)[0]
    return teacher if name == "funnel" or backbone == TEACHER else imagenet(backbone, folder)


def begin(name: str, own: Classifier, side: int, words: torch.Tensor, features: torch.Tensor) -> Beginning:
    """`words`: the classes' unit vectors [1000, D]; `features`: pooled features [N, F] of `own`."""
    device, frozen = features.device, name == "unified"
    trunk = Funnel(own.trunk) if name == "funnel" else own.trunk if frozen else copy.deepcopy(own.trunk)
    if isinstance(trunk, Funnel):
        trunk.to(device).expect(features)
    tower = ConceptTower(trunk, HIDDEN, DIMENSIONS).to(device, memory_format=torch.channels_last)
    start(tower, own.linear, words, features)
    trunk.requires_grad_(not frozen)
    return Beginning(tower, own, side, frozen)
