"""Quantisation: the first layer in groups, calibration, corrected biases; then, if wanted, fine-tuning with rounding.

    python models/shop-the-look/quantise.py $YOLOX_NANO_ONNX $FOLDER run.pt quantised.pt [--steps 0]

In fine-tuning the int8 graph learns to answer as the float network, and to detect. Normalisations keep their
statistics. Loss of both branches: cross-entropy with the float network's objectness and, where it sees things, its classes, and the distance to its boxes
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

from annotations import stored, training_pictures, unlabelled_pictures
from train import Prepared, restored
from training.detection import losses
from training.yolox import STRIDES, Levels, Twin, convolutions, decode, fold_batch_norm, restore_batch_norm
from training.yolox_quantisation import QuantisedYolox, calibrate, correct_biases
from training.yolox_split import channel_groups, split_stem

CALIBRATION_MOSAICS = 0.2  # part of the pictures that ranges are measured on
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
    mosaic: float = 0.15
    clothing: float = 0.35  # how often a picture is drawn from each origin; the rest have no labels
    home: float = 0.3
    drawn: float = 0.1  # part of all that are the showroom's drawings, if there are any
    imitation: float = 1.0
    detection: int = 1  # 0: learn from the float network alone
    calibration: int = 64
    check: int = 8  # pictures to measure the distance to the float network on
    seed: int = 0


def correction_pictures(side: int) -> torch.Tensor:
    """A dozen whole pictures each of clothes, of the home, and without labels: pixels [36, 3, side, side]."""
    items = training_pictures()
    chosen = [*items[:12], *items[900:912], *unlabelled_pictures()[:12]]
    pixels = np.stack([stored(item.image(), side) for item in chosen])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float().flip(1)


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


def quantise(recipe: Recipe, network: Twin, folder: Path, device: torch.device, output: Path, log=print):
    """(the network with fine-tuned weights, the groups of its first channels, its quantisations, those of calibration)."""
    torch.manual_seed(recipe.seed)
    generator = torch.Generator(device).manual_seed(recipe.seed)
    prepared = Prepared(folder, device, generator)
    drawn = recipe.drawn if (prepared.origin == 4).any() else 0.0
    shares = (recipe.clothing, recipe.home, 0.0, 1 - recipe.clothing - recipe.home)
    chances = prepared.chances((*(share * (1 - drawn) for share in shares), drawn))
    network = network.to(device).eval()
    sample = prepared.batch(chances, recipe.calibration, recipe.side, CALIBRATION_MOSAICS)[0].flip(1)
    check = prepared.plain(chances, recipe.check)
    fold_batch_norm(network)
    groups = channel_groups(network, sample[:64], STEM_GROUPS)
    teacher = split_stem(network, groups).requires_grad_(False)
    calibrated = calibrate(teacher, sample.split(16))
    corrected = copy.deepcopy(teacher)
    correct_biases(corrected, calibrated, correction_pictures(recipe.side).to(device))
    with torch.no_grad():
        wanted = [decode(part) for part in branches(teacher(check))]
        least = [imitate(one, one).item() for one in wanted]
        for name, one in (("calibrated", teacher), ("corrected", corrected)):
            answers = [decode(part) for part in branches(QuantisedYolox(one, calibrated).to(device)(check))]
            apart = [round(imitate(*pair).item() - floor, 4) for *pair, floor in zip(answers, wanted, least)]
            log(json.dumps({name: dict(zip(("published", "trained"), apart))}))
    if recipe.steps == 0:
        return corrected, groups, calibrated, calibrated
    restore_batch_norm(corrected, sample[:96])
    student = QuantisedYolox(corrected.requires_grad_(True), calibrated).to(device)
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
        parts = {}
        if recipe.detection:
            parts, _ = losses(*trained, boxes, labels, float_one[1].sigmoid() * float_one[2].sigmoid().amax(-1))
        for name, mine, wanted in zip(("published", "trained"), ours, theirs):
            parts[f"imitation, {name}"] = recipe.imitation * imitate(mine, wanted)
        optimizer.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(weights, 10.0)
        optimizer.step()
        if step % 10 == 0:
            values = {key: round(value.item(), 4) for key, value in parts.items()}
            log(json.dumps({"quantisation step": step, "seconds": round(time.time() - began, 1), **values}))
            save(output, recipe, student.network, groups, student.quantisations(), calibrated)
    return student.network, groups, student.quantisations(), calibrated


def save(output: Path, recipe: Recipe, network: Twin, groups, learned: dict, calibrated: dict) -> None:
    as_lists = lambda table: {name: [q.scale, q.zero, q.top] for name, q in table.items()}
    result = {"recipe": asdict(recipe), "state": network.state_dict(), "groups": groups}
    torch.save({**result, "quantisations": as_lists(learned), "calibrated": as_lists(calibrated)}, output)


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
    tuned, groups, learned, calibrated = quantise(recipe, network, folder, device, output, lambda text: print(text, flush=True))
    save(output, recipe, tuned, groups, learned, calibrated)


if __name__ == "__main__":
    main()
