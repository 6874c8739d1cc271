"""Shop the Look's detector: YOLOX-nano, trained further on clothes and things of the home.

    python models/shop-the-look/prepare.py $YOLOX_NANO_ONNX $FOLDER      # pictures, teacher's boxes, composites
    python models/shop-the-look/train.py $YOLOX_NANO_ONNX $FOLDER run.pt # one GPU

After YOLOX (arXiv 2107.08430): mosaics, SimOTA, IoU loss, averaged weights, no mosaics at the end. Ours: start from
the published YOLOX-nano with its class rows copied; the unmodified network stays as a teacher, whose boxes are
labels where a set has none, whose score is the least objectness of a place and whose class probabilities are
distilled. The figures it reached stand in README.md and results/.
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

from categories import CATEGORIES, COCO_MEMBERS, NUMBER, SHARED
from evaluation import quick_average_precision
from teacher import shared_scores
from training.detection import losses
from training.mosaic import Boxed, mosaics
from training.yolox import Conv, Yolox, decode, load_onnx, restore_batch_norm


@dataclass(frozen=True)
class Recipe:
    steps: int = 0  # 0: as many as fit into `seconds`
    seconds: float = 300
    batch: int = 64
    sides: tuple[int, ...] = (352, 416, 480)
    rate: float = 4e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.02
    mosaic: float = 0.6
    plain_end: float = 0.15  # last part of the steps, without mosaics
    clothing: float = 0.42  # how often a picture is drawn from each origin; the rest are composites
    home: float = 0.38
    distillation: float = 0.5
    average: float = 0.999
    channels_last: int = 1  # layout in memory; only a matter of speed
    seed: int = 0


def load_prepared(folder: Path, device: torch.device) -> tuple[Boxed, torch.Tensor]:
    about = torch.load(folder / "labels.pt", weights_only=True)
    images = torch.from_numpy(np.load(folder / "pixels.npy")).to(device).permute(0, 3, 1, 2).contiguous()
    return Boxed(images, *(about[key].to(device) for key in ("sizes", "boxes", "labels"))), about["origin"]


def start(teacher: Yolox, sample: torch.Tensor) -> Yolox:
    """The teacher with our categories: rows of shared ones are means of COCO's, the others begin without a say."""
    network = copy.deepcopy(teacher).requires_grad_(True)
    for head in network.heads:
        before = head.classes.conv
        head.classes = Conv(before.in_channels, len(CATEGORIES), active=False).to(before.weight.device)
        torch.nn.init.normal_(head.classes.conv.weight, std=0.01)
        torch.nn.init.constant_(head.classes.conv.bias, -3.0)
        for category, members in COCO_MEMBERS.items():
            head.classes.conv.weight.data[NUMBER[category]] = before.weight[members].mean(0)
            head.classes.conv.bias.data[NUMBER[category]] = before.bias[members].mean(0)
    restore_batch_norm(network, sample)
    return network


def distil(student: torch.Tensor, objectness: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the shared categories' logits [N, A, C] with the teacher's probabilities, where it sees things."""
    weight = objectness.sigmoid()
    chance = classes.sigmoid()
    target = torch.stack([chance[..., COCO_MEMBERS[name]].amax(-1) for name in SHARED], -1)
    mine = student[..., [NUMBER[name] for name in SHARED]]
    each = F.binary_cross_entropy_with_logits(mine, target, reduction="none").sum(-1)
    return (each * weight).sum() / weight.sum().clamp(min=1)


class Average:
    """A moving average of the weights."""

    def __init__(self, network: Yolox, decay: float):
        self.network, self.decay, self.step = copy.deepcopy(network).eval().requires_grad_(False), decay, 0

    @torch.no_grad()
    def update(self, network: Yolox) -> None:
        self.step += 1
        decay = min(self.decay, (1 + self.step) / (10 + self.step))
        ours, theirs = [], []
        for mine, value in zip(self.network.state_dict().values(), network.state_dict().values()):
            if mine.is_floating_point():
                ours.append(mine)
                theirs.append(value.detach())
        torch._foreach_lerp_(ours, theirs, 1 - decay)


def train(recipe: Recipe, onnx_path: Path, folder: Path, device: torch.device, output: Path, log=print) -> Yolox:
    torch.manual_seed(recipe.seed)
    pictures, origin = load_prepared(folder, device)
    teacher = load_onnx(onnx_path).to(device).eval().requires_grad_(False)
    generator = torch.Generator(device).manual_seed(recipe.seed)
    chances = torch.zeros(len(origin))
    for number, share in enumerate((recipe.clothing, recipe.home, 1 - recipe.clothing - recipe.home)):
        chances[origin == number] = share / max(1, (origin == number).sum().item())
    chances = chances.to(device)

    def batch(side: int, mosaic: float, count: int = recipe.batch):
        chosen = torch.multinomial(chances, count * 4, replacement=True, generator=generator).view(-1, 4)
        return mosaics(pictures, chosen, side, generator, mosaic)

    network = start(teacher, batch(416, recipe.mosaic, min(192, 3 * recipe.batch))[0].flip(1)).to(device)
    if recipe.channels_last:
        network, teacher = (model.to(memory_format=torch.channels_last) for model in (network, teacher))
    average = Average(network, recipe.average)
    heads = {id(parameter) for head in network.heads for parameter in (*head.classes.parameters(), *head.objectness.parameters(), *head.boxes.parameters())}
    groups: dict[tuple[bool, bool], list] = {}
    for parameter in network.parameters():
        if parameter.requires_grad:
            groups.setdefault((id(parameter) in heads, parameter.ndim > 1), []).append(parameter)
    optimizer = torch.optim.AdamW(
        [
            {
                "params": parameters,
                "lr": recipe.head_rate if head else recipe.rate,
                "base": recipe.head_rate if head else recipe.rate,
                "weight_decay": recipe.weight_decay if matrix else 0.0,
            }
            for (head, matrix), parameters in groups.items()
        ],
        fused=device.type == "cuda",
    )
    steps, warm = recipe.steps or 10**9, 100
    began, totals = time.time(), {}
    step = 0
    network.train()
    while step < steps:
        if not recipe.steps and step == 60:
            begin_timing = time.time()
        if not recipe.steps and step == 160:
            steps = int(recipe.seconds / ((time.time() - begin_timing) / 100))
            log(json.dumps({"steps": steps}))
        factor = min((step + 1) / warm, 0.5 * (1 + np.cos(np.pi * min(step / steps, 1.0))) * 0.98 + 0.02)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * factor
        side = recipe.sides[int(torch.randint(len(recipe.sides), (1,)).item())]
        mosaic = recipe.mosaic if step < steps * (1 - recipe.plain_end) else 0.0
        images, boxes, labels = batch(side, mosaic)
        x = images.flip(1)
        if recipe.channels_last:
            x = x.to(memory_format=torch.channels_last)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            levels = network(x)
            with torch.no_grad():
                seen = teacher(x)
        found, objectness, classes, places = decode(levels)
        _, their_objectness, their_classes, _ = decode(seen)
        soft = None
        if recipe.distillation > 0:
            soft = shared_scores(their_objectness, their_classes)[..., :-1].amax(-1)
            soft = torch.where(soft > 0.05, soft, torch.zeros_like(soft))
        parts, _ = losses(found, objectness, classes, places, boxes, labels, soft)
        if recipe.distillation > 0:
            parts["distillation"] = recipe.distillation * distil(classes, their_objectness, their_classes)
        optimizer.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimizer.step()
        average.update(network)
        step += 1
        if step % 20 == 0:
            for key, value in parts.items():
                totals.setdefault(key, []).append(value.detach())
        if step % 200 == 0:
            values = {key: round(torch.stack(items).mean().item(), 4) for key, items in totals.items()}
            log(json.dumps({"step": step, "seconds": round(time.time() - began, 1), **values}))
            totals = {}
        if step % 1000 == 0 or step == steps:
            scores = quick_average_precision(average.network, folder, device)
            log(json.dumps({"step": step, "seconds": round(time.time() - began, 1), "AP50": scores}))
            torch.save({"recipe": asdict(recipe), "step": step, "state": average.network.state_dict()}, output)
    return average.network


def restored(path: Path, onnx_path: Path) -> Yolox:
    """The network of a checkpoint, normalisations in place."""
    saved = torch.load(path, weights_only=True, map_location="cpu")
    network = start(load_onnx(onnx_path), torch.zeros(1, 3, 64, 64))
    network.load_state_dict(saved["state"])
    return network.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("teacher", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    for name, value in asdict(Recipe()).items():
        kind = type(value)
        more = {"type": lambda text: tuple(int(part) for part in text.split(","))} if kind is tuple else {"type": kind}
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, **more)
    arguments = vars(parser.parse_args())
    onnx_path, folder, output = (arguments.pop(name) for name in ("teacher", "folder", "output"))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    print(json.dumps(arguments), flush=True)
    train(Recipe(**arguments), onnx_path, folder, device, output, lambda text: print(text, flush=True))


if __name__ == "__main__":
    main()
