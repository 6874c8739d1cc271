"""Shop the Look's detector: beside the published YOLOX-nano a second branch, for clothes and things of the home.

    python models/shop-the-look/prepare.py $YOLOX_NANO_ONNX $FOLDER      # pictures and the teacher's boxes
    python models/shop-the-look/train.py $YOLOX_NANO_ONNX $FOLDER run.pt # one GPU, about three minutes

After YOLOX (arXiv 2107.08430): mosaics, SimOTA, IoU loss, averaged weights, no mosaics at the end. Ours: the published
network stays as it is and finds what COCO has (chairs, beds, clocks ...); its stages up to stride 4 are shared by a
copy of the rest, which learns garments, accessories, curtains, pots and toasters. One network for both forgot half of
what it knew of COCO's classes (results/one-network.json). The figures it reached stand in README.md and results/.
"""

import argparse
import copy
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from categories import CATEGORIES, COCO_NAMES, PUBLISHED, TRAINED
from evaluation import quick_average_precision
from training.detection import NONE, losses
from training.mosaic import Boxed, mosaics
from training.yolox import EARLY, Conv, Twin, Yolox, decode, load_onnx, restore_batch_norm


@dataclass(frozen=True)
class Recipe:
    steps: int = 1400
    batch: int = 64
    sides: tuple[int, ...] = (352, 416, 480)
    rate: float = 4e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.02
    mosaic: float = 0.6
    plain_end: float = 0.15  # last part of the steps, without mosaics
    clothing: float = 0.53  # how often a picture is drawn from each origin; the rest are composites
    home: float = 0.47
    drawn: float = 0.12  # part of all that are the showroom's drawings, if there are any
    shared: int = 1  # stages up to stride 4 stay those of the published network
    average: float = 0.999
    channels_last: int = 1  # layout in memory; only a matter of speed
    seed: int = 0


class Prepared:
    """What `prepare.py` wrote, on the device, drawn in mixed batches."""

    def __init__(self, folder: Path, device: torch.device, generator: torch.Generator):
        about = torch.load(folder / "labels.pt", weights_only=True)
        images = torch.from_numpy(np.load(folder / "pixels.npy")).to(device).permute(0, 3, 1, 2).contiguous()
        number = {name: index for index, name in enumerate(TRAINED)}
        table = torch.tensor([number.get(name, NONE) for name in CATEGORIES])
        labels = about["labels"]
        labels = torch.where(labels >= 0, table[labels.clamp(min=0)], labels)
        self.source = Boxed(images, *(value.to(device) for value in (about["sizes"], about["boxes"], labels)))
        self.origin, self.generator = about["origin"], generator

    def chances(self, shares: tuple[float, ...]) -> torch.Tensor:
        """Chance of each picture, from how often each origin is drawn."""
        result = torch.zeros(len(self.origin))
        for number, share in enumerate(shares):
            result[self.origin == number] = share / max(1, (self.origin == number).sum().item())
        return result.to(self.source.images.device)

    def batch(self, chances: torch.Tensor, count: int, side: int, mosaic: float):
        chosen = torch.multinomial(chances, count * 4, replacement=True, generator=self.generator).view(-1, 4)
        return mosaics(self.source, chosen, side, self.generator, mosaic)


def published(teacher: Yolox) -> Yolox:
    """The published network with the channels that have a category."""
    network, rows = copy.deepcopy(teacher), [COCO_NAMES.index(name) for name in PUBLISHED]
    for head in network.heads:
        before = head.classes.conv
        head.classes = _classes(before, len(PUBLISHED))
        head.classes.conv.weight.data.copy_(before.weight[rows])
        head.classes.conv.bias.data.copy_(before.bias[rows])
    return network


def start(teacher: Yolox, sample: torch.Tensor, shared: bool) -> Yolox:
    """The branch to train: a copy with our channels; bags, ties and toasters begin as COCO's, the others without a say."""
    network = copy.deepcopy(teacher).requires_grad_(True)
    begin = {"bag": ("backpack", "handbag", "suitcase"), "accessory": ("tie",), "appliance": ("toaster",)}
    for head in network.heads:
        before = head.classes.conv
        head.classes = _classes(before, len(TRAINED))
        torch.nn.init.normal_(head.classes.conv.weight, std=0.01)
        torch.nn.init.constant_(head.classes.conv.bias, -3.0)
        for category, names in begin.items():
            rows = [COCO_NAMES.index(name) for name in names]
            head.classes.conv.weight.data[TRAINED.index(category)] = before.weight[rows].mean(0)
            head.classes.conv.bias.data[TRAINED.index(category)] = before.bias[rows].mean(0)
    restore_batch_norm(network, sample)
    if shared:
        for name in EARLY:
            setattr(network, name, copy.deepcopy(getattr(teacher, name)).requires_grad_(False))
    return network


def _classes(before: torch.nn.Conv2d, count: int) -> Conv:
    return Conv(before.in_channels, count, active=False).to(before.weight.device)


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
    torch.manual_seed(0)
    generator = torch.Generator(device).manual_seed(recipe.seed)
    prepared = Prepared(folder, device, generator)
    drawn = recipe.drawn if (prepared.origin == 4).any() else 0.0
    shares = (recipe.clothing, recipe.home, 1 - recipe.clothing - recipe.home, 0.0)
    chances = prepared.chances((*(share * (1 - drawn) for share in shares), drawn))
    teacher = load_onnx(onnx_path).to(device).eval().requires_grad_(False)
    generator.manual_seed(0)  # all seeds begin with the same network, so that their weights may be averaged
    sample, _, _ = prepared.batch(chances, min(192, 3 * recipe.batch), 416, recipe.mosaic)
    network = start(teacher, sample.flip(1), bool(recipe.shared)).to(device)
    generator.manual_seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    if recipe.channels_last:
        network = network.to(memory_format=torch.channels_last)
    average = Average(network, recipe.average)
    ends = [part for head in network.heads for part in (head.classes, head.objectness, head.boxes)]
    heads = {id(parameter) for part in ends for parameter in part.parameters()}
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
    steps, warm = recipe.steps, 100
    began, totals = time.time(), {}
    network.train()
    for step in range(steps):
        factor = min((step + 1) / warm, 0.5 * (1 + np.cos(np.pi * min(step / steps, 1.0))) * 0.98 + 0.02)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * factor
        side = recipe.sides[int(torch.randint(len(recipe.sides), (1,)).item())]
        mosaic = recipe.mosaic if step < steps * (1 - recipe.plain_end) else 0.0
        images, boxes, labels = prepared.batch(chances, recipe.batch, side, mosaic)
        x = images.flip(1)
        if recipe.channels_last:
            x = x.to(memory_format=torch.channels_last)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            levels = network(x)
        parts, _ = losses(*decode(levels), boxes, labels)
        optimizer.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimizer.step()
        average.update(network)
        done = step + 1
        if done % 20 == 0:
            for key, value in parts.items():
                totals.setdefault(key, []).append(value.detach())
        if done % 200 == 0:
            values = {key: round(torch.stack(items).mean().item(), 4) for key, items in totals.items()}
            log(json.dumps({"step": done, "seconds": round(time.time() - began, 1), **values}))
            totals = {}
    scores = quick_average_precision(average.network, folder, device)
    log(json.dumps({"step": steps, "seconds": round(time.time() - began, 1), "AP50": scores}))
    torch.save({"recipe": asdict(recipe), "step": steps, "state": average.network.state_dict()}, output)
    return average.network


def restored(path: Path, onnx_path: Path) -> Twin:
    """Both branches, the trained one from a checkpoint; normalisations in place where there were."""
    saved = torch.load(path, weights_only=True, map_location="cpu")
    teacher = load_onnx(onnx_path)
    branch = start(teacher, torch.zeros(1, 3, 64, 64), bool(saved["recipe"]["shared"]))
    branch.load_state_dict(saved["state"])
    return Twin(published(teacher), branch).eval()


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
