"""Image towers beside the shipped one, trained alike and measured alike: `results/towers.json` and its table in the card.

    python models/pinclip/held_out.py $PACK/held-out
    python models/pinclip/towers.py weights $PACK                              # for a machine without the packages
    python models/pinclip/towers.py run $PACK 0.json --seeds 0 --steps 900     # a GPU; one seed, all towers
    python models/pinclip/towers.py before $PACK before.json                   # what there is already, on a CPU
    python models/pinclip/towers.py card before.json 0.json 1.json
"""

import argparse
import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import held_out
import image_towers
import train
from held_out import HeldOut, like_kind, vectors_of
from training.embedder import Embedder

LABELLED = ("clothing", "grocery")
NAMES = {
    "shipped": "the shipped file (1,350 steps, 16,972 pictures)",
    "concepts": "lite2 at 260, the shipped recipe",
    "unified": "unified-embedding's trunk at 224, frozen",
    "unified-tuned": "unified-embedding's trunk at 224, tuned",
    "funnel": "lite2's first stages, then a funnel, at 256",
}


def device_of() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def weights(arguments) -> None:
    """The weights that the towers start from, matrices in float16."""
    folder = arguments.pack / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    state = torch.load(image_towers.trunks.package_weights(image_towers.TEACHER), weights_only=True, map_location="cpu")
    torch.save(train.compact(state), folder / f"{image_towers.TEACHER}.pth")
    linear = image_towers.imagenet(image_towers.UNIFIED_BACKBONE, folder).linear
    torch.save(train.compact(linear.state_dict()), folder / f"{image_towers.UNIFIED_BACKBONE}.linear.pth")
    (folder / image_towers.UNIFIED_FILE.name).write_bytes(image_towers.UNIFIED_FILE.read_bytes())


def cost(tower: nn.Module, side: int) -> dict:
    """Parameters, and multiply-adds for one picture, as PyTorch's counter sees them."""
    # in training mode: attention's fast path is one operator, which the counter doesn't know
    twin = copy.deepcopy(tower).cpu().float().train()
    with FlopCounterMode(display=False) as counter:
        twin(torch.zeros(1, 3, side, side))
    return {
        "parameters": sum(one.numel() for one in twin.parameters()),
        "multiply_adds": counter.get_total_flops() // 2,
    }


def serving(trunk: nn.Module, held: HeldOut, embedder: Embedder, side: int) -> dict:
    """What is left of the unified embedding when its last layer reads this trunk: cosine to what it says by itself, and
    how often the nearest picture shows the same kind, in percent (`before`: by itself)."""
    tuned = copy.deepcopy(embedder)
    tuned.trunk = trunk
    result = {}
    for name in LABELLED:
        before, after = (vectors_of(model.eval(), held.images[name], side) for model in (embedder, tuned))
        labels = held.sets[name]["labels"]
        result[name] = {
            "cosine": round(float((before * after).sum(1).mean()), 4),
            "before": like_kind(before, labels),
            "after": like_kind(after, labels),
        }
    return result


def run(arguments) -> None:
    """Trains every tower with every seed; the file is written after each, so that what is done is not lost."""
    device = device_of()
    pack, held = train.Pack(arguments.pack, device, arguments.limit), HeldOut(arguments.pack, device, arguments.held_limit)
    parser = argparse.ArgumentParser()
    train.options(parser)
    name_of_device = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    runs = []
    for seed in arguments.seeds:
        for name in arguments.towers:
            print(f"{name}, seed {seed}", flush=True)
            recipe = ["--tower", name, "--steps", arguments.steps, "--seed", seed, "--batch", arguments.batch]
            recipe += ["--seconds", arguments.seconds, "--output", arguments.results.with_name(f"{name}-{seed}.pt")]
            beginning, about = train.train(parser.parse_args([str(arguments.pack), *map(str, recipe)]), pack)
            tower, side = beginning.tower.eval(), beginning.side
            one = {"tower": name, "seed": seed, "asked": arguments.steps, "batch": arguments.batch, "side": side}
            one |= {"device": name_of_device, "pictures": len(pack.images), **about, **cost(tower, side)}
            one["held out"] = held_out.measured(tower, side, held)
            if name.startswith("unified"):
                embedder = image_towers.unified(arguments.pack)[1].to(device)
                one["unified embedding"] = serving(tower.trunk, held, embedder, side)
            runs.append(one)
            print(json.dumps(one), flush=True)
            arguments.results.write_text(json.dumps(runs, indent=1) + "\n")


class File(nn.Module):
    """An image tower's ONNX file on a CPU: float pixels [N, 3, S, S] -> vectors [N, D]."""

    def __init__(self, path: Path):
        super().__init__()
        import onnxruntime

        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.round().byte().permute(0, 2, 3, 1).contiguous().numpy()
        return torch.from_numpy(np.concatenate([self.session.run(None, {"image": one[None]})[0] for one in pixels]))


def before(arguments) -> None:
    """The shipped fp32 file, and how well the classifier of its ImageNet start fits unified-embedding's trunk."""
    held = HeldOut(arguments.pack, torch.device("cpu"))
    manifest = json.loads((HERE / "manifest.json").read_text())
    side = manifest["preprocess"]["width"]
    figures = held_out.measured(File(HERE / manifest["files"]["fp32"]["path"]), side, held)
    shipped = {"tower": "shipped", "revision": manifest["revision"], "side": side, "held out": figures}
    labels = np.array(held.sets["imagenet-samples"]["labels"])
    classifiers = {
        "its own trunk": image_towers.imagenet(image_towers.UNIFIED_BACKBONE, arguments.pack),
        "the trunk of unified-embedding": image_towers.unified(arguments.pack)[0],
    }
    right = {
        name: vectors_of(classifier.eval(), held.images["imagenet-samples"], image_towers.SIDES["unified"]).argmax(1) == labels
        for name, classifier in classifiers.items()
    }
    start = {"tower": "start", "top1": {name: round(100 * float(hits.mean()), 1) for name, hits in right.items()}}
    arguments.results.write_text(json.dumps([shipped, start], indent=1) + "\n")


def spread(values: list[float]) -> str:
    """Mean over seeds, and how far the seeds lie from it."""
    mean = sum(values) / len(values)
    return f"{mean:.1f}" + (f" ± {max(abs(value - mean) for value in values):.1f}" if len(values) > 1 else "")


def table(head: list[str], rows: list[list]) -> str:
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in [head, ["---"] * len(head), *rows])


def towers_table(runs: list[dict]) -> str:
    columns = {
        "clothing": ("clothing", "top1"), "grocery, 81 kinds": ("grocery", "top1"),
        "ImageNet, 1,000 kinds": ("imagenet-samples", "top1"),
        "flickr1k R@10": ("flickr1k", "r10"), "fashion-products R@10": ("fashion-products", "r10"),
    }  # fmt: skip
    rows = []
    for name, text in NAMES.items():
        own = [one for one in runs if one["tower"] == name]
        if not own:
            continue
        first = own[0]
        short = [one for one in own if one.get("steps", 0) < one.get("asked", 0)]
        size = [f"{first['parameters'] / 1e6:.1f} M", f"{first['multiply_adds'] / 1e6:.0f} M"] if "parameters" in first else ["–", "–"]
        mean = lambda group, key: spread([one["held out"][group][key] for one in own])
        rows.append([f"{text}{' (stopped early)' if short else ''}", *size, *(mean(*place) for place in columns.values())])
    return table(["image tower", "parameters", "multiply-adds", *columns], rows)


def served_table(runs: list[dict]) -> str:
    rows = []
    mean = lambda group, key: spread([one[group][key] for one in own])
    for name in ("unified", "unified-tuned"):
        own = [one["unified embedding"] for one in runs if one["tower"] == name]
        if own:
            if not rows:
                rows.append(["the shipped one", "1", *(own[0][group]["before"] for group in LABELLED)])
            cosine = np.mean([one[group]["cosine"] for one in own for group in LABELLED])
            rows.append([NAMES[name], f"{cosine:.3f}", *(mean(group, "after") for group in LABELLED)])
    return table(["trunk", "cosine to the shipped unified embedding", *(f"{name}: nearest is of the kind" for name in LABELLED)], rows)


def start_table(runs: list[dict]) -> str:
    return table(
        ["lite0's ImageNet classifier on", "top-1 of 500 pictures"],
        [list(row) for one in runs if one["tower"] == "start" for row in one["top1"].items()],
    )


def filled(text: str, name: str, content: str) -> str:
    """The text with what stands between `<!-- name -->` and `<!-- /name -->` replaced."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, rest = text.split(opening)
    return f"{before}{opening}\n\n{content}\n\n{closing}{rest.split(closing)[1]}"


def card(arguments) -> None:
    """Gathers the files into results/towers.json and fills the card's tables."""
    runs = [one for path in arguments.files for one in json.loads(path.read_text())]
    kept = HERE / "results" / "towers.json"
    kept.write_text(json.dumps(runs, indent=1) + "\n")
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf8")
    for name, make in {"start": start_table, "towers": towers_table, "served": served_table}.items():
        text = filled(text, name, make(runs))
    readme.write_text(text, encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)

    def command(name: str, what: Callable) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=what.__doc__.split("\n")[0])
        one.set_defaults(what=what)
        return one

    command("weights", weights).add_argument("pack", type=Path)
    one = command("run", run)
    one.add_argument("pack", type=Path)
    one.add_argument("results", type=Path)
    one.add_argument("--seeds", type=int, nargs="+", default=[0])
    one.add_argument("--towers", nargs="+", choices=tuple(image_towers.SIDES), default=list(image_towers.SIDES))
    one.add_argument("--steps", type=int, default=900)
    one.add_argument("--batch", type=int, default=320)
    one.add_argument("--seconds", type=float, default=240, help="at most, for one tower")
    one.add_argument("--limit", type=int, help="pictures to learn from, for a trial")
    one.add_argument("--held-limit", type=int, help="held-out pictures of a set, for a trial")
    one = command("before", before)
    one.add_argument("pack", type=Path)
    one.add_argument("results", type=Path)
    command("card", card).add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    arguments.what(arguments)


if __name__ == "__main__":
    main()
