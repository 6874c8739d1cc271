"""Runs the experiments of the model card on all GPUs of a machine, several at a time.

    python models/unified-embedding/experiments.py $PACK $RUNS --groups claims,frontier,ship --seconds 500

Writes `runs.jsonl` (one line a run: recipe, seconds, figures) and checkpoints. Groups:
* claims: sheet of arXiv 1908.01707. Unified and three specialists, equal pictures seen; LayerNorm or none; lengths
  256..2048; share of sampled proxies. Three seeds each, EfficientNet-lite0 at 160 x 160.
* frontier: the same recipe for every candidate backbone and size; three seeds for those that could ship at 224 x 224.
* ship: recipes for the shipped model; the best of them, of their weights part of the way and of an average of two runs is
  rotated for the sign code if that helps, and quantised.
"""

import argparse
import json
import queue as queues
import re
import time
import traceback
from dataclasses import asdict, replace
from pathlib import Path

import torch
import torch.multiprocessing as processes

import tasks
from evaluation import evaluate, load_views
from quantise import quantise
from train import Pictures, Recipe, averaged, interpolated, raw_features, train
from training.embedder import Embedder
from training.rotation import iterative_quantisation
from training.trunks import Trunk

SEEDS = (0, 1, 2)
CLAIM = Recipe(side=160, steps=150, batch=320, distillation=0.0, fraction=1.0)
FRONTIER = Recipe(steps=150, batch=256, distillation=0.0)
FRONTIER_CANDIDATES = [
    ("efficientnet-lite0", 224),
    ("efficientnet-lite1", 224),
    ("mobilenet-v2", 224),
    ("efficientnet-lite2", 224),
    ("efficientnet-lite0", 160),
    ("efficientnet-lite0", 192),
    ("efficientnet-lite2", 192),
    ("efficientnet-lite1", 192),
    ("mobilenet-v2", 192),
    ("efficientnet-lite1", 240),
    ("efficientnet-lite2", 260),
]
FRONTIER_SEEDS = {  # of the others: one
    ("efficientnet-lite0", 224): SEEDS,
    ("efficientnet-lite1", 224): SEEDS,
    ("efficientnet-lite2", 224): SEEDS,
}
SHIP = Recipe(steps=450, batch=320, teacher="efficientnet-lite2", trunk_rate=2e-4, distillation=1.5)
SHIP_VARIANTS = {"float": {}, "binary": {"binary": 0.5}, "order-1": {"order": 1}}
SHIP_AVERAGE = ("ship/float", "ship/order-1")  # differ in the order of pictures only
SHARES = (0.75, 1.0)  # of the way from the start to the end of training


def claims(seed: int) -> dict[str, Recipe]:
    """Three seeds for the first claim and LayerNorm, two for the others."""
    base = replace(CLAIM, seed=seed)
    runs = {"unified": base, **{f"only-{task}": replace(base, tasks=(task,)) for task in tasks.TASKS}}
    runs["no-layer-norm"] = replace(base, layer_norm=False)
    if seed < 2:
        runs |= {f"bits-{bits}": replace(base, dimensions=bits) for bits in (512, 1024, 2048)}
        runs |= {f"proxies-{share}": replace(base, fraction=share) for share in (0.1, 0.25)}
    return {f"claims/{name}-{seed}": recipe for name, recipe in runs.items()}


def jobs(groups: list[str], backbone: str) -> dict[str, Recipe]:
    """In order of importance: an early end leaves whole seeds and the likelier candidates."""
    result = {}
    if "ship" in groups:
        result |= {f"ship/{name}": replace(SHIP, backbone=backbone, **change) for name, change in SHIP_VARIANTS.items()}
    if "claims" in groups:
        result |= claims(0)
    if "frontier" in groups:
        result |= {
            f"frontier/{name}-{side}-{seed}": replace(FRONTIER, backbone=name, side=side, seed=seed)
            for seed in SEEDS
            for name, side in FRONTIER_CANDIDATES
            if seed in FRONTIER_SEEDS.get((name, side), SEEDS[:1])
        }
    if "claims" in groups:
        result |= claims(1) | claims(2)
    return result


def worker(number: int, gpus: int, pack: Path, output: Path, queue, results, deadline: float, gate) -> None:
    """Takes jobs until none is left or time is up; begins when `gate` opens."""
    device = torch.device(f"cuda:{number % gpus}") if gpus else torch.device("cpu")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = torch.backends.cudnn.benchmark = True
    pictures, views = Pictures(pack, device), load_views(pack)
    gate.wait()
    while True:
        name, recipe = queue.get()
        if name is None or time.time() > deadline:
            break
        began = time.time()
        try:
            results.put(
                (
                    name,
                    run(name, recipe, pictures, views, pack, output, device)
                    | {"seconds": round(time.time() - began, 1)},
                )
            )
        except Exception:
            results.put((name, {"error": traceback.format_exc()}))


def run(name: str, recipe: Recipe, pictures: Pictures, views, pack: Path, output: Path, device: torch.device) -> dict:
    """One run; the group decides what is measured and kept."""
    log = lambda line: print(name, line, flush=True)
    if name == "ship/quantised":
        return ship(pictures, views, output, device, log)
    embedder, begun = train(recipe, pack, device, log, pictures)
    result = {"name": name, "recipe": asdict(recipe)}
    if name.startswith("ship/"):
        trained = {key: value.clone() for key, value in embedder.state_dict().items()}
        torch.save(
            {"recipe": asdict(recipe), "state": trained, "begun": begun}, output / f"{name.replace('/', '-')}.pt"
        )
        result["shares"] = {}
        for share in SHARES:
            embedder.load_state_dict(interpolated(begun, trained, share))
            result["shares"][str(share)] = evaluate(embedder, views, recipe.side, device)
        embedder.load_state_dict(begun)
        result["start"] = evaluate(embedder, views, recipe.side, device)
    else:
        result |= evaluate(embedder, views, recipe.side, device, held_out_only=True)
    log(json.dumps(result.get("summary") or {share: one["summary"] for share, one in result["shares"].items()}))
    return result


def total(figures: dict) -> float:
    """Sum of float and binary means, over tasks and over sets never trained on."""
    return sum(figures[form][part] for form in ("summary", "binary") for part in ("mean", "never trained"))


def compact(state: dict) -> dict:
    """On the CPU, convolutions and matrices in float16 (as the float files store them), the rest in float32."""
    return {key: (value.half() if value.ndim > 1 else value.float()).cpu() for key, value in state.items()}


def ship(pictures: Pictures, views, output: Path, device: torch.device, log) -> dict:
    """Choose among the runs and their average, rotate if that helps, quantise; saves `ship.pt` and `quantised.pt`."""
    lines = [json.loads(line) for line in (output / "runs.jsonl").read_text().splitlines()]
    runs = {line["name"]: line for line in lines if "shares" in line}
    saved = {
        name: torch.load(output / f"{name.replace('/', '-')}.pt", weights_only=True, map_location=device)
        for name in runs
    }
    recipe = Recipe(**next(iter(saved.values()))["recipe"])
    embedder = Embedder(Trunk(recipe.backbone), recipe.dimensions).to(device, memory_format=torch.channels_last).eval()

    def measured(model: torch.nn.Module, name: str) -> dict:
        figures = evaluate(model, views, recipe.side, device)
        log(json.dumps([name, figures["summary"], figures["binary"]]))
        return figures

    candidates = {(name, share): one for name, line in runs.items() for share, one in line["shares"].items()}
    states = {
        (name, share): interpolated(saved[name]["begun"], saved[name]["state"], float(share))
        for name, share in candidates
    }
    if all(name in saved for name in SHIP_AVERAGE):
        states["average", "1.0"] = averaged([saved[name]["state"] for name in SHIP_AVERAGE])
        embedder.load_state_dict(states["average", "1.0"])
        candidates["average", "1.0"] = measured(embedder, "average")
    chosen = max(candidates, key=lambda key: total(candidates[key]))
    embedder.load_state_dict(states[chosen])
    unrotated = embedder.linear.weight.detach().clone()
    with torch.no_grad():
        vectors = embedder.project(raw_features(embedder, pictures.images, recipe.side, torch.bfloat16))
        rotation = iterative_quantisation(vectors)
        embedder.linear.weight.copy_((rotation.T @ unrotated.double()).float())
    rotated = measured(embedder, f"{chosen} rotated")
    if total(rotated) <= total(candidates[chosen]):
        embedder.linear.weight.data.copy_(unrotated)
    torch.save({"recipe": asdict(recipe), "state": compact(embedder.state_dict())}, output / "ship.pt")
    student, calibrated, limits = quantise(embedder, pictures, recipe.side, steps=recipe.quantisation_steps, log=log)
    state = compact(student.trunk.trunk.state_dict())
    torch.save({"trunk": state, "limits": limits, "calibrated": calibrated}, output / "quantised.pt")
    return {
        "name": "ship/quantised",
        "backbone": recipe.backbone,
        "chosen": chosen[0],
        "share": chosen[1],
        "average": candidates.get(("average", "1.0")),
        "rotated": rotated,
        "rotation kept": total(rotated) > total(candidates[chosen]),
        **measured(student, "quantised"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--groups", default="ship,frontier,claims")
    parser.add_argument("--backbone", default="efficientnet-lite0", help="of the shipped model")
    parser.add_argument("--workers", type=int, default=2, help="for each GPU")
    parser.add_argument("--seconds", type=float, default=1e9, help="start no run after this long")
    parser.add_argument(
        "--skip", default="(?!)", help="regular expression: leave out runs whose whole name matches, as 'claims/.*-0'"
    )
    parser.add_argument("--override", default="{}", help="JSON of recipe fields to replace, for trying the script out")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    gpus = torch.cuda.device_count()
    planned = {
        name: replace(recipe, **json.loads(arguments.override))
        for name, recipe in jobs(arguments.groups.split(","), arguments.backbone).items()
        if not re.fullmatch(arguments.skip, name)
    }
    context = processes.get_context("spawn")
    queue, hurry, results = context.Queue(), context.Queue(), context.Queue()
    count = min(arguments.workers * max(gpus, 1), len(planned))
    for item in [*planned.items(), *[(None, None)] * count]:
        queue.put(item)
    began = time.time()
    opened, closed = context.Event(), context.Event()  # `closed` opens when the ship runs are done
    opened.set()
    waiting = sum(name.startswith("ship/") for name in planned)
    common = (gpus, arguments.pack, arguments.output)
    deadline = began + arguments.seconds
    crew = [
        context.Process(target=worker, args=(number, *common, queue, results, deadline, opened))
        for number in range(count)
    ]
    if waiting:  # quantises the shipped model as soon as its run is chosen
        hurry.put(("ship/quantised", SHIP))
        hurry.put((None, None))
        crew.append(context.Process(target=worker, args=(0, *common, hurry, results, float("inf"), closed)))
    for one in crew:
        one.start()
    while any(one.is_alive() for one in crew) or not results.empty():
        try:
            name, result = results.get(timeout=1)
        except queues.Empty:
            continue
        with open(arguments.output / "runs.jsonl", "a", encoding="utf8") as file:
            file.write(json.dumps({"name": name} | result) + "\n")
        print(
            f"{time.time() - began:.0f}s {name} done in {result.get('seconds')}: {result.get('error', '')}", flush=True
        )
        if name.startswith("ship/") and name != "ship/quantised":
            waiting -= 1
            if waiting == 0:
                closed.set()


if __name__ == "__main__":
    main()
