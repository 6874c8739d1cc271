"""Trains and measures next-item retrieval on sequences of ids: UniPinRec without actions, and SASRec.

`python next_item.py PACK/ml-1m.npz --model unipinrec --out run.json`. Every position is to find the item after it,
by cross-entropy over all items; the figures are of the full ranking of all items that the person has not had before,
as HSTU's code and the first SASRec rank them.
"""

import argparse
import copy
import json
import time
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from learner import Table
from metrics import next_item_figures, ranks_of_new
from network import Config, UniPinRec
from sasrec import SASRec, SASRecConfig
from schedule import Steps, mixed, prepared
from sequences import IGNORED, Sequences, batches, drawn_ends, load, target_places

EVALUATED = 256  # sequences at a time


@dataclass(frozen=True)
class Recipe:
    model: str = "unipinrec"  # or sasrec
    width: int = 128
    dimensions: int = 128  # of UniPinRec's item vectors; SASRec's have its width
    layers: int = 4
    heads: int = 4
    feed_forward: int = 4
    dropout: float = 0.3
    longest: int = 200
    moved: float = 0.5  # share of windows that end before the last item
    rate: float = 1e-3
    decay: float = 0.05
    batch: int = 128
    epochs: int = 80
    stop: int = 0  # epochs after which to stop, 0: none; the schedule is that of `epochs`
    evaluate: int = 4  # epochs between two validations
    patience: int = 5  # validations without a better one that end training
    hold_out_valid: bool = True  # false: the protocol of HSTU's code, which learns from all but the last item
    seed: int = 0


class Sequencer(nn.Module):
    """UniPinRec with a table of ids; tokens have neither actions, times nor surfaces."""

    def __init__(self, config: Config, count: int):
        super().__init__()
        self.network, self.table = UniPinRec(config), Table(count, config.dimensions)
        self.network.item = None  # the table stands in for it

    def queries(self, items: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """items [B, n], lengths [B] -> unit queries [B, n, D] for the item after each."""
        shape = items.shape
        nothing = torch.zeros(*shape, device=items.device)
        actions = nothing[..., None].expand(*shape, self.network.config.actions)
        tokens = self.network.tokens(self.table()[items], actions, nothing.bool(), nothing, nothing.long())
        return self.network.queries(self.network.sequence(tokens, lengths)[:, 1:].float())

    def vectors(self) -> torch.Tensor:
        return self.table()

    def scale(self) -> torch.Tensor:
        return 1 / self.network.log_temperature.exp().clamp(min=0.01)


def new_model(recipe: Recipe, count: int) -> nn.Module:
    if recipe.model == "sasrec":
        shape = {one.name for one in fields(SASRecConfig)}
        return SASRec(SASRecConfig(**{key: value for key, value in asdict(recipe).items() if key in shape}), count)
    shape = {one.name for one in fields(Config)}
    return Sequencer(Config(**{key: value for key, value in asdict(recipe).items() if key in shape}), count)


def scores(model: nn.Module, queries: torch.Tensor) -> torch.Tensor:
    """Logits of all items [..., N], in float32."""
    with torch.autocast(queries.device.type, enabled=False):
        return (queries.float() * model.scale()) @ model.vectors().float().T


@torch.no_grad()
def evaluate(model: nn.Module, data: Sequences, part: str, longest: int) -> dict[str, float]:
    model.eval()
    ends, found = target_places(data.lengths, part), []
    order = torch.argsort(ends.clamp(max=longest))
    for people in order.split(EVALUATED):
        items, following, lengths = data.windows(people, ends[people], longest)
        last = (lengths - 1)[:, None]
        queries = model.queries(items, lengths).gather(1, last[..., None].expand(-1, -1, model.vectors().shape[1]))
        had, _, _ = data.windows(people, ends[people], int(data.lengths.max()))
        found.append(ranks_of_new(scores(model, queries[:, 0]), following.gather(1, last)[:, 0], had))
    return next_item_figures(torch.cat(found))


def train(data: Sequences, recipe: Recipe, device: torch.device, deadline: float = float("inf")) -> tuple[nn.Module, dict]:
    """The model at its best validation (without one: at the last epoch) and what was measured of it.

    `deadline`: in seconds of `time.monotonic`; training stops there, and the figures say so.
    """
    prepared(device, recipe.seed)
    draw = np.random.default_rng(recipe.seed)
    data = data.to(device)
    model = new_model(recipe, data.count).to(device)
    last = target_places(data.lengths.cpu(), "learn" if recipe.hold_out_valid else "relearn").numpy()
    people_of = np.flatnonzero(last >= 1)
    last = last[people_of]
    total = recipe.epochs * -(-len(last) // recipe.batch)
    steps = Steps(list(model.parameters()), recipe.rate, recipe.decay, total, device)
    best, best_state, worse, began, epoch = None, None, 0, time.monotonic(), 0
    late = False
    for epoch in range(1, recipe.epochs + 1):
        model.train()
        ends = drawn_ends(last, recipe.longest, recipe.moved, draw)
        for rows in batches(ends, recipe.longest, recipe.batch, draw):
            people = torch.from_numpy(people_of[rows]).to(device)
            places, width = torch.from_numpy(ends[rows]).to(device), min(int(ends[rows].max()), recipe.longest)
            items, following, lengths = data.windows(people, places, recipe.longest, width)
            with mixed(device):
                queries = model.queries(items, lengths)
            logits = scores(model, queries)
            steps.step(F.cross_entropy(logits.flatten(0, 1), following.flatten(), ignore_index=IGNORED))
        late = time.monotonic() > deadline
        if recipe.hold_out_valid and (epoch % recipe.evaluate == 0 or epoch == recipe.epochs or late):
            valid = evaluate(model, data, "valid", recipe.longest)
            if best is None or valid["ndcg10"] > best["ndcg10"]:
                best, best_state, worse = valid | {"epoch": epoch}, copy.deepcopy(model.state_dict()), 0
            else:
                worse += 1
        if late or epoch == recipe.stop or worse == recipe.patience:
            break
    if best_state is not None:
        model.load_state_dict(best_state)
    return model, {
        "valid": best,
        "epochs": epoch,
        "cut_short": late,
        "test": evaluate(model, data, "test", recipe.longest),
        "parameters": sum(one.numel() for one in model.parameters()),
        "seconds": round(time.monotonic() - began, 1),
        "recipe": asdict(recipe),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path, help="of pack.py, one set")
    parser.add_argument("--out", type=Path, required=True)
    for one in fields(Recipe):
        kind = (lambda text: text == "true") if isinstance(one.default, bool) else type(one.default)
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=kind, default=one.default)
    arguments = vars(parser.parse_args())
    path, out = arguments.pop("pack"), arguments.pop("out")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    _, figures = train(load(path), replace(Recipe(), **arguments), device)
    out.write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
