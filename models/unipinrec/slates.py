"""Trains and measures retrieval and ranking together, on logs with slates.

`python slates.py PACK/ml-100k.npz --stage joint --out run.json`. Stages:

    joint       L_item + L_action, the paper's
    retrieval   L_item only
    ranking     L_action only
    frozen      retrieval, then a fresh head of actions on it, all else frozen
    fine-tuned  retrieval, then L_action on all weights
"""

import argparse
import copy
import json
import time
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from interleaved import Interleaved
from learner import Learner, Objective, liked
from logs import Batch, Logs, load
from metrics import ranking_figures, slate_recall
from network import Config
from schedule import Steps, mixed, prepared
from training.count_min import CountMinSketch

STAGES = ("joint", "retrieval", "ranking", "frozen", "fine-tuned")
EVALUATED = 256  # slates at a time


@dataclass(frozen=True)
class Recipe:
    stage: str = "joint"
    interleaved: bool = False
    width: int = 128
    dimensions: int = 128  # of item and query vectors
    layers: int = 3
    heads: int = 4
    dropout: float = 0.2
    longest: int = 100  # items of a history
    p_mask: float = 0.2
    softmax: str = "full"  # or sampled
    action: float = 1.0  # weight of L_action
    engaged_only: float = 0.1  # share of slates without an action that are kept: the paper's
    rate: float = 1e-3
    decay: float = 0.05
    batch: int = 128
    steps: int = 1500
    evaluate: int = 150  # steps between two validations
    seed: int = 0


def new_learner(recipe: Recipe, logs: Logs) -> Learner:
    shape = {one.name for one in fields(Config)}
    config = Config(**{key: value for key, value in asdict(recipe).items() if key in shape})
    return (Interleaved if recipe.interleaved else Learner)(config, logs.count, logs.content)


@torch.no_grad()
def evaluate(learner: Learner, logs: Logs, part: str, longest: int) -> dict[str, float]:
    """Recall@10 of the liked items of a slate among all items, and ranking figures within slates."""
    learner.eval()
    vectors, rows = learner.table(), logs.rows(part)
    recalls, logits, actions, real = [], [], [], []
    for some in rows.split(EVALUATED):
        batch = logs.batch(some, longest)
        said = learner.says(batch, vectors, torch.zeros_like(batch.real))
        logits.append(learner.network.action_logits(said.slate).float().cpu())
        actions.append(batch.slate_actions.cpu())
        real.append(batch.slate_real.cpu())
        wanted = liked_items(batch, logs.count)
        last = (batch.lengths - 1)[:, None, None].expand(-1, 1, said.queries.shape[-1])
        found = learner.network.queries(said.queries.gather(1, last)[:, 0].float()) @ vectors.T
        recalls.append(slate_recall(unseen(found, batch, logs.repeats), wanted)[wanted.any(1)].cpu())
    figures = ranking_figures(torch.cat(logits), torch.cat(actions), torch.cat(real))
    return {"recall10": torch.cat(recalls).mean().item(), "slates": len(rows)} | figures


def liked_items(batch: Batch, count: int) -> torch.Tensor:
    """bool [B, N]: the items of its slate that a person liked."""
    wanted = torch.zeros(len(batch.slate), count, dtype=torch.bool, device=batch.slate.device)
    row, place = (batch.slate_real & liked(batch.slate_actions)).nonzero(as_tuple=True)
    wanted[row, batch.slate[row, place]] = True
    return wanted


def unseen(scores: torch.Tensor, batch: Batch, repeats: bool) -> torch.Tensor:
    """Items of the history cannot come again where nobody meets an item twice."""
    if repeats:
        return scores
    row, place = batch.real.nonzero(as_tuple=True)
    scores[row, batch.items[row, place]] = -torch.inf
    return scores


def score(figures: dict[str, float], stage: str) -> float:
    """What a stage is to be good at; the best validation is kept by it."""
    ranking, retrieval = figures["auc_save"], figures["recall10"]
    return {"joint": ranking + retrieval, "retrieval": retrieval}.get(stage, ranking)


def log_share_of_targets(logs: Logs) -> torch.Tensor:
    """log share of each item among what is to be found [N], by a count-min sketch of the stream."""
    sketch, rows = CountMinSketch(), logs.rows("learn")
    likes = logs.slates[rows][(logs.slates[rows] >= 0) & liked(logs.slate_actions[rows])]
    sketch.add(likes.cpu())
    return sketch.log_probability(torch.arange(logs.count)).to(logs.items.device)


def fit(
    learner: Learner,
    logs: Logs,
    recipe: Recipe,
    objective: Objective,
    learned: list[nn.Parameter],
    deadline: float,
) -> dict:
    """Steps on `learned`, then the weights of the best validation -> that validation."""
    device = logs.items.device
    draw = np.random.default_rng(recipe.seed)
    log_share = log_share_of_targets(logs) if objective.softmax == "sampled" else None
    for one in learner.parameters():
        one.requires_grad_(False)
    for one in learned:
        one.requires_grad_(True)
    steps = Steps(learned, recipe.rate, recipe.decay, recipe.steps, device)
    rows, best, best_state, at = torch.empty(0, dtype=torch.long), None, None, 0
    for step in range(1, recipe.steps + 1):
        if at + recipe.batch > len(rows):
            rows, at = logs.learning_rows(recipe.engaged_only, draw), 0
            rows = rows[torch.from_numpy(draw.permutation(len(rows))).to(device)]
        learner.train()
        batch = logs.batch(rows[at : at + recipe.batch], recipe.longest)
        at += recipe.batch
        with mixed(device):
            loss = learner.loss(batch, objective, log_share)
        steps.step(loss)
        late = time.monotonic() > deadline
        if step % recipe.evaluate == 0 or step == recipe.steps or late:
            figures = evaluate(learner, logs, "valid", recipe.longest) | {"step": step, "loss": loss.item()}
            if best is None or score(figures, recipe.stage) > score(best, recipe.stage):
                best, best_state = figures, copy.deepcopy(learner.state_dict())
        if late:
            break
    learner.load_state_dict(best_state)
    return best


def train(
    logs: Logs, recipe: Recipe, device: torch.device, deadline: float = float("inf"), before: Learner | None = None
) -> tuple[Learner, dict]:
    """A learner at its best validation, and what was measured of it. `deadline`: seconds of `time.monotonic`.

    `before`: trained for retrieval by the same recipe; `frozen` and `fine-tuned` start from it, or train one first.
    """
    prepared(device, recipe.seed)
    began, logs = time.monotonic(), logs.to(device)
    learner = new_learner(recipe, logs).to(device)
    everything = list(learner.parameters())
    stage, learned, fitted = recipe.stage, everything, recipe
    item = Objective(action=0.0, softmax=recipe.softmax, p_mask=recipe.p_mask)
    action = Objective(item=0.0, action=recipe.action, p_mask=recipe.p_mask)
    both = Objective(action=recipe.action, softmax=recipe.softmax, p_mask=recipe.p_mask)
    if stage in ("frozen", "fine-tuned"):
        if before is None:
            before, _ = train(logs, replace(recipe, stage="retrieval"), device, deadline)
        learner.load_state_dict(before.state_dict())
    if stage == "frozen":
        learned = [*learner.network.predict.parameters(), learner.past_bias]
    if stage == "fine-tuned":
        # What is learned already takes smaller steps.
        fitted = replace(recipe, rate=recipe.rate / 3)
    objective = {"joint": both, "retrieval": item}.get(stage, action)
    valid = fit(learner, logs, fitted, objective, learned, deadline)
    return learner, {
        "valid": valid,
        "test": evaluate(learner, logs, "test", recipe.longest),
        "cut_short": time.monotonic() > deadline,
        "parameters": sum(one.numel() for one in everything),
        "seconds": round(time.monotonic() - began, 1),
        "recipe": asdict(recipe),
    }


def save(learner: Learner, path: Path) -> None:
    """What `export.py` reads: the network alone, without what only training needs."""
    state = {name: value.detach().float().cpu() for name, value in learner.network.state_dict().items()}
    torch.save({"config": learner.network.about(), "state_dict": state}, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path, help="of pack.py, one set with slates")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--weights", type=Path)
    for one in fields(Recipe):
        kind = (lambda text: text == "true") if isinstance(one.default, bool) else type(one.default)
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=kind, default=one.default)
    arguments = vars(parser.parse_args())
    path, out, weights = (arguments.pop(name) for name in ("pack", "out", "weights"))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    learner, figures = train(load(path), Recipe(**arguments), device)
    if weights:
        save(learner, weights)
    out.write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
