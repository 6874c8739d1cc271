"""Quantisation-aware fine-tuning: the int8 graph learns to answer as the float network, and to detect.

    python models/shop-the-look/quantise.py $YOLOX_NANO_ONNX $FOLDER run.pt quantised.pt

The rounding is that of `training/yolox_quantisation.py`; normalisations keep their statistics. Loss: that of the
detector, plus cross-entropy with the float network's objectness and, where it sees things, its classes, and the
distance to its boxes there.
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

from train import load_prepared, restored
from training.detection import losses
from training.mosaic import mosaics
from training.yolox import Yolox, decode
from training.yolox_quantisation import QuantisedYolox, calibrate


@dataclass(frozen=True)
class Recipe:
    steps: int = 400
    seconds: float = 150  # stops before, if need be
    batch: int = 32
    side: int = 416
    rate: float = 1e-4
    scale_rate: float = 1e-3
    mosaic: float = 0.3
    clothing: float = 0.42
    home: float = 0.38
    imitation: float = 1.0
    calibration: int = 192
    seed: int = 0


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


def quantise(recipe: Recipe, network: Yolox, folder: Path, device: torch.device, log=print):
    """(the network with fine-tuned weights, its quantisations, those of calibration)."""
    torch.manual_seed(recipe.seed)
    pictures, origin = load_prepared(folder, device)
    generator = torch.Generator(device).manual_seed(recipe.seed)
    chances = torch.zeros(len(origin))
    for number, share in enumerate((recipe.clothing, recipe.home, 1 - recipe.clothing - recipe.home)):
        chances[origin == number] = share / max(1, (origin == number).sum().item())
    chances = chances.to(device)

    def batch(count: int, mosaic: float = recipe.mosaic):
        chosen = torch.multinomial(chances, count * 4, replacement=True, generator=generator).view(-1, 4)
        return mosaics(pictures, chosen, recipe.side, generator, mosaic)

    teacher = network.to(device).eval().requires_grad_(False)
    sample = batch(recipe.calibration, 0.2)[0].flip(1)
    calibrated = calibrate(teacher, sample.split(16))
    student = QuantisedYolox(copy.deepcopy(teacher).requires_grad_(True), calibrated).to(device)
    weights = [parameter for name, parameter in student.network.named_parameters()]
    for module in student.network.modules():
        if getattr(module, "norm", None) is not None:
            module.conv.bias.requires_grad_(False)
    weights = [parameter for parameter in weights if parameter.requires_grad]
    groups = [{"params": weights, "lr": recipe.rate}, {"params": list(student.log_scales.parameters()), "lr": recipe.scale_rate}]
    optimizer = torch.optim.Adam(groups)
    base = [group["lr"] for group in groups]
    began = time.time()
    for step in range(recipe.steps):
        done = max(step / recipe.steps, (time.time() - began) / recipe.seconds)
        if done >= 1:
            break
        for group, rate in zip(optimizer.param_groups, base):
            group["lr"] = rate * min((step + 1) / 20, 0.5 * (1 + np.cos(np.pi * done)))
        images, boxes, labels = batch(recipe.batch)
        x = images.flip(1)
        with torch.no_grad():
            theirs = decode(teacher(x))
        ours = decode(student(x))
        parts, _ = losses(*ours, boxes, labels, theirs[1].sigmoid() * theirs[2].sigmoid().amax(-1))
        parts["imitation"] = recipe.imitation * imitate(ours, theirs)
        optimizer.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(weights, 10.0)
        optimizer.step()
        if step % 25 == 0:
            values = {key: round(value.item(), 4) for key, value in parts.items()}
            log(json.dumps({"quantisation step": step, "seconds": round(time.time() - began, 1), **values}))
    return student.network, student.quantisations(), calibrated


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
    tuned, learned, calibrated = quantise(recipe, network, folder, device, lambda text: print(text, flush=True))
    as_lists = lambda table: {name: [q.scale, q.zero, q.top] for name, q in table.items()}
    torch.save(
        {
            "recipe": asdict(recipe),
            "state": tuned.state_dict(),
            "quantisations": as_lists(learned),
            "calibrated": as_lists(calibrated),
        },
        output,
    )


if __name__ == "__main__":
    main()
