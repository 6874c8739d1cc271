"""The unified embedding: one trunk, one 256-d vector, three tasks with proxy softmax heads.

    python models/unified-embedding/pack.py $PACK          # decode the pictures once
    python models/unified-embedding/train.py $PACK run.pt  # one GPU, about two minutes

After "Learning a Unified Embedding for Visual Search" (arXiv 1908.01707): equal task weights, mini-batches mixed
uniformly over the sets, T = 0.05, sampled proxies. Ours: start from ImageNet features projected on their principal
axes, proxies started at class means, relational distillation from the untouched backbone, low learning rate for the
trunk. The figures it reached stand in README.md and results/.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import tasks
from evaluation import evaluate, load_views
from training import trunks
from training.augment import augment
from training.embedder import Embedder, principal_projection
from training.losses import ProxySoftmax, class_means, relational_distillation, sign_code


@dataclass(frozen=True)
class Recipe:
    backbone: str = "efficientnet-lite0"
    side: int = 224
    dimensions: int = 256
    layer_norm: bool = True
    tasks: tuple[str, ...] = tasks.TASKS
    fraction: float = 0.25  # of the proxies, drawn for each batch
    steps: int = 600
    batch: int = 320
    trunk_rate: float = 1e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    distillation: float = 1.0
    teacher: str = "efficientnet-lite0"
    binary: float = 0.0  # weight of the same losses on the sign code
    quantisation_steps: int = 200
    seed: int = 0
    order: int = 0  # of pictures and augmentations: runs that differ in nothing else start alike and can be averaged


class Pictures:
    """Packed training pictures on the device: uint8 [N, 3, S, S], drawn in mixed batches."""

    def __init__(self, folder: Path, device: torch.device):
        self.about = tasks.training_set()
        stored = np.load(folder / "train.npy", mmap_mode="r")
        assert len(stored) == len(self.about.items), "pack the pictures again"
        self.images = torch.from_numpy(np.array(stored)).to(device).permute(0, 3, 1, 2)
        self.labels = {task: torch.from_numpy(values).to(device) for task, values in self.about.labels.items()}

    def chances(self, wanted: tuple[str, ...]) -> torch.Tensor:
        """Chance of each picture to be drawn: the sets with a label for a wanted task share evenly."""
        known = np.any([self.about.labels[task] >= 0 for task in wanted], axis=0)
        weights = np.where(known, self.about.weights, 0.0)
        for number in range(len(tasks.SETS)):
            inside = self.about.sets == number
            if weights[inside].sum() > 0:
                weights[inside] /= weights[inside].sum()
        return torch.from_numpy(weights / weights.sum())


def load_trunk(name: str, folder: Path) -> trunks.Trunk:
    """ImageNet weights: from the pack, else from the installed package."""
    packed = folder / f"{name}.pt"
    return trunks.pretrained(name, packed if packed.exists() else None)


@torch.no_grad()
def raw_features(embedder: Embedder, images: torch.Tensor, side: int, precision: torch.dtype) -> torch.Tensor:
    """Pooled features of all pictures [N, F], resized to `side`."""
    result = []
    for batch in images.split(256):
        x = F.interpolate(batch.float(), size=(side, side), mode="bilinear", antialias=True, align_corners=False)
        with torch.autocast(images.device.type, dtype=precision):
            result.append(embedder.pooled(x))
    return torch.cat(result)


def start(recipe: Recipe, name: str, pictures: Pictures, folder: Path) -> tuple[Embedder, torch.Tensor]:
    """Embedder with ImageNet weights and principal axes, and the training pictures' unit vectors."""
    device = pictures.images.device
    embedder = Embedder(load_trunk(name, folder), recipe.dimensions, recipe.layer_norm).to(
        device, memory_format=torch.channels_last
    )
    features = raw_features(embedder, pictures.images, recipe.side, torch.bfloat16)
    axes = min(recipe.dimensions, features.shape[1])
    weight = principal_projection(features, axes, recipe.layer_norm, recipe.seed)
    if axes < recipe.dimensions:  # more outputs than features: random directions of the same length
        generator = torch.Generator().manual_seed(recipe.seed)
        extra = torch.randn(recipe.dimensions - axes, features.shape[1], generator=generator)
        weight = torch.cat([weight.cpu(), F.normalize(extra, dim=1)]).to(device)
    embedder.linear.weight.data.copy_(weight)
    with torch.no_grad():
        return embedder, embedder.project(features)


def train(
    recipe: Recipe, folder: Path, device: torch.device, log=print, pictures: Pictures | None = None
) -> tuple[Embedder, dict]:
    """The trained embedder, and the state it started from."""
    torch.manual_seed(recipe.seed)
    pictures = pictures or Pictures(folder, device)
    embedder, vectors = start(recipe, recipe.backbone, pictures, folder)
    begun = {key: value.clone() for key, value in embedder.state_dict().items()}
    losses = {
        task: ProxySoftmax(
            class_means(vectors, pictures.labels[task], pictures.about.classes[task]), recipe.fraction
        ).to(device)
        for task in recipe.tasks
    }
    teacher = None
    if recipe.distillation > 0:
        same = replace(recipe, dimensions=256, layer_norm=True)
        teacher = start(same, recipe.teacher, pictures, folder)[0].requires_grad_(False).eval()

    heads = [embedder.linear.weight, *(loss.proxies for loss in losses.values())]
    groups = [
        {"params": list(embedder.trunk.parameters()), "lr": recipe.trunk_rate, "weight_decay": recipe.weight_decay},
        {"params": heads, "lr": recipe.head_rate, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, fused=device.type == "cuda")
    warm = max(1, recipe.steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, 0.5 * (1 + np.cos(np.pi * min(step / recipe.steps, 1.0))))
    )
    generator = torch.Generator(device).manual_seed(recipe.seed + 1000 * recipe.order)
    draw = torch.Generator().manual_seed(recipe.seed + 1000 * recipe.order)
    chances, began = pictures.chances(recipe.tasks), time.time()
    order = torch.multinomial(chances, recipe.steps * recipe.batch, replacement=True, generator=draw).to(device)
    embedder.train()
    for step in range(recipe.steps):
        chosen = order[step * recipe.batch : (step + 1) * recipe.batch]
        images = augment(pictures.images[chosen], recipe.side, generator)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            pooled = embedder.pooled(images)
            if teacher is not None:
                with torch.no_grad():
                    target = teacher.pooled(images)
        x = embedder.project(pooled)
        parts = {task: loss(x, pictures.labels[task][chosen], generator) for task, loss in losses.items()}
        if teacher is not None:
            towards = teacher.project(target)
            parts["distillation"] = recipe.distillation * relational_distillation(x, towards)
        if recipe.binary > 0:
            code = sign_code(x)
            again = [loss(code, pictures.labels[task][chosen], generator) for task, loss in losses.items()]
            if teacher is not None:
                again.append(recipe.distillation * relational_distillation(code, towards))
            parts["binary"] = recipe.binary * sum(again)
        optimizer.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == recipe.steps - 1:
            log(
                json.dumps(
                    {
                        "step": step,
                        "seconds": round(time.time() - began, 1),
                        **{key: round(value.item(), 3) for key, value in parts.items()},
                    }
                )
            )
    return embedder.eval(), begun


def interpolated(begun: dict, trained: dict, share: float) -> dict:
    """Weights between the start (0) and the end (1) of training: "WiSE-FT", arXiv 2109.01903."""
    return {key: begun[key] + share * (trained[key] - begun[key]) for key in trained}


def averaged(states: list[dict]) -> dict:
    """Mean weights of runs that started alike: a "model soup", arXiv 2203.05482."""
    return {key: torch.stack([state[key] for state in states]).mean(0) for key in states[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("output", type=Path)
    for name, value in asdict(Recipe()).items():
        if not isinstance(value, tuple):
            parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    arguments = vars(parser.parse_args())
    folder, output = arguments.pop("pack"), arguments.pop("output")
    recipe = Recipe(**arguments)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    embedder, begun = train(recipe, folder, device)
    torch.save({"recipe": asdict(recipe), "state": embedder.state_dict(), "begun": begun}, output)
    print(json.dumps(evaluate(embedder, load_views(folder), recipe.side, device), indent=2))


if __name__ == "__main__":
    main()
