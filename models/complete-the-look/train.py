"""Trains the compatibility head on cached features: `python train.py $PACK/int8 head.pt`.

The backbone stays frozen. Loss (arXiv 1812.01748): max(0, d(s, p+) - d(s, p-) + 0.2), p- of the same category and of
another photograph; ours takes all such products of the batch instead of one drawn at random.
"""

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from backbone import REGIONS
from dataset import Pairs, load
from network import CompleteTheLook


@dataclass
class Recipe:
    mode: str = "full"
    scene: str = "scene"  # or whole: the product stays in the picture
    hidden: int = 128
    dropout: float = 0.3
    rate: float = 3e-3
    decay: float = 0.05
    epochs: int = 30
    batch: int = 384
    margin: float = 0.2
    regions: int = 8  # of the 49, drawn anew for each step; all of them when tested
    seed: int = 0


def hinge(distances: torch.Tensor, category: torch.Tensor, photo: torch.Tensor, margin: float) -> torch.Tensor:
    """Mean over the rivals of each scene, then over the scenes; distances [N, N], scene by product."""
    rival = (category[:, None] == category[None, :]) & (photo[:, None] != photo[None, :])
    loss = (distances.diagonal()[:, None] - distances + margin).clamp(min=0) * rival
    count = rival.sum(1)
    return (loss.sum(1) / count.clamp(min=1))[count > 0].mean()


def batch_of(data: Pairs, recipe: Recipe, rows: np.ndarray, draw: np.random.Generator) -> tuple[torch.Tensor, ...]:
    """regions [N, R, channels], pooled [N, channels] of random views of the scenes, products [N, channels]."""
    maps, pooled, products = data.maps[recipe.scene], data.pooled[recipe.scene], data.pooled["product"]
    index = data.rows_of(recipe.scene, rows)
    view = draw.integers(len(maps), size=len(rows))
    part = draw.permuted(np.tile(np.arange(REGIONS), (len(rows), 1)), axis=1)[:, : recipe.regions]
    if recipe.mode == "global":
        part = part[:, :0]
    chosen = (
        maps[view[:, None], index[:, None], part],
        pooled[view, index],
        products[draw.integers(len(products), size=len(rows)), rows],
    )
    return tuple(torch.from_numpy(one.astype(np.float32)) for one in chosen)


def train(data: Pairs, rows: np.ndarray, recipe: Recipe, report: bool = False) -> CompleteTheLook:
    """Head trained on these pairs."""
    torch.manual_seed(recipe.seed)
    draw = np.random.default_rng(recipe.seed)
    channels = data.pooled["product"].shape[-1]
    model = CompleteTheLook(channels, len(data.categories), recipe.hidden, recipe.dropout, recipe.mode)
    optimiser = torch.optim.AdamW(model.parameters(), recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * (len(rows) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps, pct_start=0.15)
    category, photo = torch.from_numpy(data.category), torch.from_numpy(data.photo)
    model.train()
    for epoch in range(recipe.epochs):
        order, losses = draw.permutation(rows), []
        for at in range(0, len(rows) - recipe.batch + 1, recipe.batch):
            chosen = order[at : at + recipe.batch]
            regions, pooled, shown = batch_of(data, recipe, chosen, draw)
            kinds = category[chosen]
            distances = 2 - model.query(regions, pooled, kinds) @ model.product(shown).T
            loss = hinge(distances, kinds, photo[chosen], recipe.margin)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        if report:
            print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    return model.eval()


def queries(model: CompleteTheLook, data: Pairs, rows: np.ndarray, scene: str = "scene", view: int = 0) -> np.ndarray:
    """q [n, 128] of the scenes of these pairs, each for its own category."""
    index, result = data.rows_of(scene, rows), []
    with torch.no_grad():
        for at in range(0, len(rows), 256):
            part = index[at : at + 256]
            regions = torch.from_numpy(data.maps[scene][view, part].astype(np.float32))
            pooled = torch.from_numpy(data.pooled[scene][view, part].astype(np.float32))
            result.append(model.query(regions, pooled, torch.from_numpy(data.category[rows[at : at + 256]])).numpy())
    return np.concatenate(result)


def products(model: CompleteTheLook, data: Pairs, rows: np.ndarray, view: int = 0) -> np.ndarray:
    """f_p [n, 128]."""
    with torch.no_grad():
        return model.product(torch.from_numpy(data.pooled["product"][view, rows].astype(np.float32))).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("features", type=Path)
    parser.add_argument("output", type=Path)
    for name, value in asdict(Recipe()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    arguments = vars(parser.parse_args())
    data, output = load(arguments.pop("features")), arguments.pop("output")
    recipe = Recipe(**arguments)
    rows = np.flatnonzero(~data.held_out)
    model = train(data, rows, recipe, report=True)
    torch.save(
        {
            "state": model.state_dict(),
            "recipe": asdict(recipe),
            "categories": data.categories,
            "backbone": data.backbone,
            "sources": sorted({data.photos[photo].split("/")[0] for photo in data.photo[rows]}),
        },
        output,
    )


if __name__ == "__main__":
    main()
