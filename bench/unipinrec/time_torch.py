"""The same network in PyTorch: `python bench/unipinrec/time_torch.py --out torch.json`, as README.md says.

Inputs come from the CPU's memory and answers go there, as in ONNX Runtime; keys and values stay on the GPU.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F

MODELS = Path(__file__).resolve().parents[2] / "models"
sys.path[:0] = [str(MODELS / "unipinrec"), str(MODELS)]

from export import random_model
from network import Config, UniPinRec
from timing import milliseconds


class Setup:
    """One model on a device, and inputs of a batch of users in the CPU's memory."""

    def __init__(self, arguments: argparse.Namespace):
        config = Config(width=arguments.width, layers=arguments.layers, heads=arguments.heads)
        self.device, self.number = torch.device(arguments.device), getattr(torch, arguments.dtype)
        self.model: UniPinRec = random_model(config, 0).to(self.device, self.number)
        self.n, self.k, self.config = arguments.n, arguments.k, config

    def inputs(self, users: int) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """Of the history: items, actions, gaps, surfaces, lengths; of candidates: items, gap, surface."""
        draw = torch.Generator().manual_seed(users)
        config, number = self.config, self.number
        items = [F.normalize(torch.randn(users, t, config.dimensions, generator=draw), dim=-1).to(number) for t in (self.n, self.k)]
        actions = (torch.rand(users, self.n, config.actions, generator=draw) < 0.3).to(number)
        gaps = (torch.rand(users, self.n, generator=draw) * 14).to(number)
        surfaces = torch.randint(0, config.surfaces, (users, self.n), generator=draw)
        moment = [torch.full((users,), 8, dtype=number), torch.ones(users, dtype=torch.long)]
        return [items[0], actions, gaps, surfaces, torch.full((users,), self.n)], [items[1], *moment]

    def moved(self, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        return [tensor.to(self.device) for tensor in tensors]

    def start(self, users: int) -> list[torch.Tensor]:
        return [x.expand(-1, users, -1, -1, -1) for x in self.model.start_cache()]


def full(model: UniPinRec, history: list[torch.Tensor], candidates: list[torch.Tensor]) -> torch.Tensor:
    """Both in one sequence, as in training."""
    items, actions, gaps, surfaces, lengths = history
    seen = torch.zeros(items.shape[:2], dtype=torch.bool, device=items.device)
    tokens = model.tokens(items, actions, seen, gaps, surfaces)
    ranked, gap, surface = candidates
    users, k = ranked.shape[:2]
    masked = torch.ones(users, k, dtype=torch.bool, device=items.device)
    none = ranked.new_zeros(users, k, model.config.actions)
    shown = model.tokens(ranked, none, masked, gap[:, None].expand(-1, k), surface[:, None].expand(-1, k))
    said = model.sequence(tokens, lengths, shown)[:, 1 + items.shape[1] :]
    return model.action_logits(said).sigmoid()


def calls(setup: Setup, users: int, wrap: Callable = lambda function: function) -> dict[str, Callable]:
    """What is timed, by the name of the graph."""
    model = setup.model
    history, candidates = setup.inputs(users)
    start, lengths = setup.start(users), torch.full((users,), setup.n + 1)
    first, second = wrap(model.history), wrap(model.candidates)
    both = wrap(lambda one, other: full(model, one, other))
    _, keys, values = model.history(*setup.moved(history), *start)

    def rank() -> torch.Tensor:
        items, gap, surface, real = setup.moved([*candidates, lengths])
        return second(items, gap, surface, keys, values, real).cpu()

    return {
        "history": lambda: first(*setup.moved(history), *start)[0].cpu(),
        "candidates": rank,
        "full": lambda: both(setup.moved(history), setup.moved(candidates)).cpu(),
    }


class Report:
    def __init__(self, path: Path, device: str):
        name = torch.cuda.get_device_name() if device == "cuda" else "none"
        self.path, self.rows, self.eager = path, [], {}
        self.machine = {"gpu": name, "torch": torch.__version__}

    def add(self, graph: str, users: int, subject: str, figure: float) -> None:
        case, ours = f"{graph}, {users} user{'s'[: users != 1]}", "PyTorch eager"
        self.eager.setdefault(case, figure)
        compared = subject != ours
        ratio = figure / self.eager[case] if compared else None
        row = {"case": case, "subject": subject, "unit": "ms", "median": figure}
        self.rows.append({**row, "against": ours if compared else None, "ratio": ratio})
        print(f"{case} | {subject} | {figure:.3f} ms" + (f" ({ratio:.3f})" if compared else ""), flush=True)
        self.path.write_text(json.dumps({"bench": "unipinrec-torch", "machine": self.machine, "rows": self.rows}, indent=2))


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (("width", 768), ("layers", 12), ("heads", 12), ("n", 992), ("k", 656), ("rounds", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--users", default="1,4,16,64")
    parser.add_argument("--compile", default="1,16", help="users of which torch.compile is tried")
    parser.add_argument("--deadline", type=float, default=150, help="seconds after which nothing more is compiled")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--dtype", default="float16")
    parser.add_argument("--out", type=Path, default=Path("unipinrec-torch.json"))
    arguments = parser.parse_args()
    started = time.monotonic()
    setup, report = Setup(arguments), Report(arguments.out, arguments.device)

    def measure(users: int, subject: str, wrap: Callable = lambda function: function) -> None:
        rounds = max(5, round(arguments.rounds / users**0.5))
        try:
            for graph, call in calls(setup, users, wrap).items():
                if subject == "PyTorch eager" or time.monotonic() - started < arguments.deadline:
                    report.add(graph, users, subject, milliseconds(call, rounds))
        except Exception as error:  # the other figures count all the same
            print(f"{users} users, {subject}: {error}", file=sys.stderr)

    for users in map(int, arguments.users.split(",")):
        measure(users, "PyTorch eager")
    if arguments.compile:
        for users in map(int, arguments.compile.split(",")):
            torch._dynamo.reset()
            measure(users, "torch.compile", lambda function: torch.compile(function, dynamic=False))
        torch._dynamo.reset()
        graphs = lambda function: torch.compile(function, dynamic=False, mode="reduce-overhead")
        measure(int(arguments.compile.split(",")[0]), "torch.compile with CUDA graphs", graphs)


if __name__ == "__main__":
    main()
