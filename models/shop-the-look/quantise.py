"""Quantisation-aware fine-tuning: the int8 graph learns to answer as the float network, and to detect.

    python models/shop-the-look/quantise.py $YOLOX_NANO_ONNX $FOLDER run.pt quantised.pt

The rounding is that of `training/yolox_quantisation.py`; normalisations keep their statistics. Loss of both branches:
cross-entropy with the float network's objectness and, where it sees things, its classes, and the distance to its boxes
there; also on pictures without labels. The trained branch has its detection loss beside it.
"""

import argparse
import copy
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from train import Prepared, restored
from training.detection import losses
from training.yolox import STRIDES, Levels, Twin, convolutions, decode, fold_batch_norm, restore_batch_norm
from training.yolox_quantisation import QuantisedYolox, calibrate
from training.yolox_split import channel_groups, split_stem

STEM_GROUPS = (5, 6, 5)
"""Channels of the first convolution that are rounded together, from the smallest range to the largest."""


@dataclass(frozen=True)
class Recipe:
    steps: int = 600
    seconds: float = 600  # stops before, if need be
    batch: int = 32
    side: int = 416
    rate: float = 1.5e-4
    scale_rate: float = 1e-3
    mosaic: float = 0.3
    clothing: float = 0.35  # how often a picture is drawn from each origin; the rest have no labels
    home: float = 0.3
    drawn: float = 0.1  # part of all that are the showroom's drawings, if there are any
    imitation: float = 1.0
    calibration: int = 192
    seed: int = 0


def branches(levels: Levels) -> list[Levels]:
    return [levels[: len(STRIDES)], levels[len(STRIDES) :]]


def imitate(ours, theirs) -> torch.Tensor:
    """Distance between two decoded answers (boxes, objectness, classes, places), per thing that the second sees."""
    boxes, objectness, classes, places = ours
    target_boxes, target_objectness, target_classes, _ = theirs
    seen = target_objectness.sigmoid()
    count = seen.sum().clamp(min=1)
    thing = F.binary_cross_entropy_with_logits(objectness, seen, reduction="sum")
    kind = F.binary_cross_entropy_with_logits(classes, target_classes.sigmoid(), reduction="none").sum(-1)
    size = (target_boxes[..., 2:] - target_boxes[..., :2]).repeat(1, 1, 2).clamp(min=1)
    shift = F.smooth_l1_loss(boxes / size, target_boxes / size, reduction="none", beta=0.05).sum(-1)
    return (thing + (kind * seen).sum() + 2 * (shift * seen).sum()) / count


def quantise(recipe: Recipe, network: Twin, folder: Path, device: torch.device, log=print):
    """(the network with fine-tuned weights, the groups of its first channels, its quantisations, those of calibration)."""
    torch.manual_seed(recipe.seed)
    generator = torch.Generator(device).manual_seed(recipe.seed)
    prepared = Prepared(folder, device, generator)
    drawn = recipe.drawn if (prepared.origin == 4).any() else 0.0
    shares = (recipe.clothing, recipe.home, 0.0, 1 - recipe.clothing - recipe.home)
    chances = prepared.chances((*(share * (1 - drawn) for share in shares), drawn))
    network = network.to(device).eval()
    sample = prepared.batch(chances, recipe.calibration, recipe.side, 0.2)[0].flip(1)
    fold_batch_norm(network)
    groups = channel_groups(network, sample[:64], STEM_GROUPS)
    teacher = split_stem(network, groups)
    restore_batch_norm(teacher, sample[:96])
    teacher.requires_grad_(False)
    calibrated = calibrate(teacher, sample.split(16))
    student = QuantisedYolox(copy.deepcopy(teacher).requires_grad_(True), calibrated).to(device)
    for module in convolutions(student.network):
        if module.norm is not None:
            module.conv.bias.requires_grad_(False)
    weights = [parameter for parameter in student.network.parameters() if parameter.requires_grad]
    scales = list(student.log_scales.parameters())
    rates = [{"params": weights, "lr": recipe.rate}, {"params": scales, "lr": recipe.scale_rate}]
    optimizer = torch.optim.Adam(rates)
    base = [group["lr"] for group in rates]
    began = time.time()
    for step in range(recipe.steps):
        done = max(step / recipe.steps, (time.time() - began) / recipe.seconds)
        if done >= 1:
            break
        for group, rate in zip(optimizer.param_groups, base):
            group["lr"] = rate * min((step + 1) / 20, 0.5 * (1 + np.cos(np.pi * done)))
        images, boxes, labels = prepared.batch(chances, recipe.batch, recipe.side, recipe.mosaic)
        x = images.flip(1)
        with torch.no_grad():
            theirs = [decode(part) for part in branches(teacher(x))]
        ours = [decode(part) for part in branches(student(x))]
        trained, float_one = ours[-1], theirs[-1]
        parts, _ = losses(*trained, boxes, labels, float_one[1].sigmoid() * float_one[2].sigmoid().amax(-1))
        for name, mine, wanted in zip(("published", "trained"), ours, theirs):
            parts[f"imitation, {name}"] = recipe.imitation * imitate(mine, wanted)
        optimizer.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(weights, 10.0)
        optimizer.step()
        if step % 25 == 0:
            values = {key: round(value.item(), 4) for key, value in parts.items()}
            log(json.dumps({"quantisation step": step, "seconds": round(time.time() - began, 1), **values}))
    return student.network, groups, student.quantisations(), calibrated


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("teacher", "folder", "trained", "output"):
        parser.add_argument(name, type=Path)
    for name, value in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, type=type(value))
    arguments = vars(parser.parse_args())
    onnx_path, folder, trained, output = (arguments.pop(name) for name in ("teacher", "folder", "trained", "output"))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = restored(trained, onnx_path)
    recipe = Recipe(**arguments)
    tuned, groups, learned, calibrated = quantise(recipe, network, folder, device, lambda text: print(text, flush=True))
    as_lists = lambda table: {name: [q.scale, q.zero, q.top] for name, q in table.items()}
    torch.save(
        {
            "recipe": asdict(recipe),
            "state": tuned.state_dict(),
            "groups": groups,
            "quantisations": as_lists(learned),
            "calibrated": as_lists(calibrated),
        },
        output,
    )


if __name__ == "__main__":
    main()
