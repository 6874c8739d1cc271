"""Image towers whose trunk is frozen, on a CPU: what sharing one trunk with `unified-embedding` costs, and what it saves.

    python models/pinclip/held_out.py $PACK/held-out
    python models/pinclip/towers.py before $PACK before.json
    python models/pinclip/frozen_towers.py features $PACK $FEATURES     # once; pooled features of fixed views
    python models/pinclip/frozen_towers.py heads $PACK $FEATURES        # results/frozen-towers.json; done runs are kept
    python models/pinclip/frozen_towers.py heads $PACK $FEATURES --steps 1350 --seeds 0 --heads concepts \\
        --trunks lite2 unified --results models/pinclip/results/frozen-towers-1350.json   # the shipped tower's steps
    python models/pinclip/frozen_towers.py card before.json             # the tables in the card

The head learns with the losses and rates of `train.py`, as far as they apply to features that are there already. Left out:
turned hues, mixtures and the trunk's own loss; a picture looks the same whenever it is drawn; the ImageNet teacher sees
it at 260 for every trunk; and of the 1,000 imagined classes as many are drawn each step as there are pictures.

`unified-embedding` holds clothing out by sender, PinCLIP by the set's own split: of PinCLIP's 425 held-out pictures the
shared trunk has learned from 353. So no head here learns from the senders that `unified-embedding` holds out, and
`UNSEEN` are all their pictures, which no trunk and no head has seen.
"""

import argparse
import functools
import io
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import colours
import held_out
import image_towers
import pack as packing
import pictures
import towers
import train
from scores import interval
from tasks import held_out_sender
from training.concept_head import SHORTEST, ConceptTower, prototypes, start
from training.shards import Picture, jpeg
from training.sigmoid_loss import SigmoidPairs

THREADS, BATCH = 2, 16  # of onnxruntime; PyTorch has one thread: on shared cores two wait for each other
TRUNKS = {  # name -> (side in pixels, what the card calls it)
    "lite2": (260, "lite2 at 260, ImageNet (the shipped tower's start)"),
    "unified": (224, "unified-embedding's at 224: shared"),
    "lite0": (224, "lite0 at 224, ImageNet (what the shared one was)"),
}
VIEWS = ("whole", "crop")
HEADS = ("concepts", "linear")
PAIRS = (("lite2", "unified"), ("lite2", "lite0"), ("lite0", "unified"))
TEACHER, UNSEEN = "lite2", "unseen clothing"
RESULTS = HERE / "results" / "frozen-towers.json"


def classifier_of(name: str, folder: Path) -> image_towers.Classifier:
    """A trunk and the ImageNet layer that its head starts with, frozen."""
    whole = image_towers.unified(folder)[0] if name == "unified" else image_towers.imagenet(f"efficientnet-{name}", folder)
    return whole.eval().requires_grad_(False)


class Pooling(nn.Module):
    """Float pixels [N, 3, S, S] -> pooled features [N, F], by onnxruntime: on a CPU five times as fast as PyTorch."""

    def __init__(self, classifier: image_towers.Classifier, side: int):
        super().__init__()
        import onnxruntime

        class Features(nn.Module):
            def forward(self, images: torch.Tensor) -> torch.Tensor:
                return classifier.features(images)

        graph, options = io.BytesIO(), onnxruntime.SessionOptions()
        module = Features()
        module.classifier = classifier
        names = {"input_names": ["images"], "output_names": ["features"]}
        axes = {"dynamic_axes": {"images": {0: "n"}}}
        torch.onnx.export(module, (torch.zeros(1, 3, side, side),), graph, dynamo=False, opset_version=17, **names, **axes)
        options.intra_op_num_threads = THREADS
        self.session = onnxruntime.InferenceSession(graph.getvalue(), options, providers=["CPUExecutionProvider"])

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = [one.contiguous().numpy() for one in images.split(BATCH)]
        return torch.from_numpy(np.concatenate([self.session.run(None, {"images": one})[0] for one in pixels]))


def seen(pooling: Pooling, images: torch.Tensor, side: int, view: str) -> np.ndarray:
    """Features [N, F] of one view of pictures [N, 3, H, W]; crops are those of the recipe, the same for every trunk."""
    if view == "whole":
        return held_out.vectors_of(pooling, images, side)
    generator = torch.Generator().manual_seed(0)
    return np.concatenate([pooling(train.cropped(few, side, generator)).numpy() for few in images.split(held_out.BATCH)])


def drawn_lots(pack: train.Pack, count: int) -> torch.Tensor:
    """Which pictures are learned from: each at most once, sets by their shares."""
    return torch.multinomial(pack.chances, min(count, len(pack.images)), generator=torch.Generator().manual_seed(0)).sort().values


def unseen_clothing() -> list[Picture]:
    return [one for one in pictures.pictures("clothing") if one.label in pictures.GARMENTS and held_out_sender(one.row)]


def unseen_images() -> torch.Tensor:
    """[N, 3, S, S] uint8, packed as the other held-out pictures."""
    form = (held_out.SIDE, held_out.FORMAT, held_out.QUALITY)
    squeezed = lambda one: packing.squeezed(Image.open(io.BytesIO(jpeg(one))).convert("RGB"), *form)
    decoded = [np.asarray(Image.open(io.BytesIO(squeezed(one))).convert("RGB")) for one in unseen_clothing()]
    return torch.from_numpy(np.stack(decoded)).permute(0, 3, 1, 2)


def of_unseen_senders(folder: Path) -> np.ndarray:
    """Which pictures of the pack [N] are `UNSEEN`: its clothing comes first, drawn as `pack.py` draws."""
    examples = json.loads(next(folder.rglob("examples.json")).read_text())["examples"]
    count = sum(one["set"] == "clothing" for one in examples)
    flags = [held_out_sender(one.picture.row) for one in packing.drawn_lots(pictures.clothing(), count)]
    return np.array(flags + [False] * (len(examples) - count))


def features(arguments) -> None:
    """Writes what is not there yet: `TRUNK-held-out.npz`, `TRUNK-unseen.npy` and `TRUNK-VIEW.npy`."""
    arguments.features.mkdir(parents=True, exist_ok=True)
    cpu = torch.device("cpu")
    pack, held = train.Pack(arguments.pack, cpu), held_out.HeldOut(arguments.pack, cpu)
    lots = drawn_lots(pack, arguments.pictures)
    np.save(arguments.features / "pictures.npy", lots.numpy())
    unseen = unseen_images()
    for view in (None, "unseen", *arguments.views):
        for name, (side, _) in TRUNKS.items():
            path = arguments.features / (f"{name}-{view}.npy" if view else f"{name}-held-out.npz")
            if path.exists():
                continue
            began, pooling = time.time(), Pooling(classifier_of(name, arguments.pack), side)
            if view == "unseen":
                np.save(path, seen(pooling, unseen, side, "whole"))
            elif view:
                np.save(path, seen(pooling, pack.images[lots], side, view).astype(np.float16))
            else:
                np.savez(path, **{key: seen(pooling, images, side, "whole") for key, images in held.images.items()})
            print(path.name, f"{time.time() - began:.0f} s", flush=True)


class LinearTower(nn.Module):
    """Trunk -> pool -> linear -> unit length, with the names of `ConceptTower`."""

    def __init__(self, trunk: nn.Module, features: int, dimensions: int):
        super().__init__()
        self.trunk, self.linear = trunk, nn.Linear(features, dimensions, bias=False)

    pooled = ConceptTower.pooled

    def project(self, features: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.linear(features), dim=1, eps=SHORTEST)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.project(self.pooled(images))


def tower_of(kind: str, trunk: nn.Module) -> nn.Module:
    if kind == "concepts":
        return ConceptTower(trunk, image_towers.HIDDEN, image_towers.DIMENSIONS)
    return LinearTower(trunk, trunk.features, image_towers.DIMENSIONS)


class Lessons:
    """What all heads learn from: texts and colours of the drawn pictures, the teacher's classes, features by trunk."""

    def __init__(self, arguments):
        pack = train.Pack(arguments.pack, torch.device("cpu"))
        lots = torch.from_numpy(np.load(arguments.features / "pictures.npy"))
        self.views = [view for view in VIEWS if all((arguments.features / f"{name}-{view}.npy").exists() for name in TRUNKS)]
        allowed = ~of_unseen_senders(arguments.pack)[lots]
        of_view = lambda name, view: np.load(arguments.features / f"{name}-{view}.npy")[allowed]
        load = lambda name: np.concatenate([of_view(name, view) for view in self.views])
        lots = lots[torch.from_numpy(allowed)]
        self.features = {name: torch.from_numpy(load(name)).float() for name in TRUNKS}
        again = lambda x: x.repeat(len(self.views), *[1] * (x.ndim - 1))
        self.true, self.kind = again(pack.true[lots]), again(pack.kind[lots])
        self.name = colours.named(again(pack.rgb[lots]))
        self.texts, self.classes, self.colours = pack.texts, pack.classes, pack.colours
        self.meant = F.normalize(self.true.float() @ pack.texts, dim=1)
        self.wanted = classifier_of(TEACHER, arguments.pack).linear(self.features[TEACHER]).softmax(1)
        self.pictures = len(lots)


def learn(tower: nn.Module, own: nn.Linear, known_classes: torch.Tensor, seen: torch.Tensor, lessons: Lessons, recipe, seed: int) -> None:
    """Trains the head of a tower on features [N, F]; `own`: the ImageNet layer that fits its trunk, `known_classes`
    its prototypes."""
    steps, batch = recipe.steps, recipe.batch
    told, plain = batch - int(train.TURNED * batch) - int(train.MIXED * batch), batch - int(train.MIXED * batch)
    spread = seen - seen.mean(0)
    pairs, class_scale, colour_scale = SigmoidPairs(), nn.Parameter(torch.tensor(3.7)), nn.Parameter(torch.tensor(3.0))
    head = [one for key, one in tower.named_parameters() if not key.startswith("trunk.")]
    groups = [
        {"params": head, "lr": recipe.head_rate},
        {"params": [*pairs.parameters(), class_scale, colour_scale], "lr": 2e-3},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.0, fused=True)
    warm = max(1, steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, 0.5 * (1 + np.cos(np.pi * min(step / steps, 1.0)))) + 1e-3
    )
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        chosen = torch.randint(len(seen), (batch,), generator=generator)
        x = tower.project(seen[chosen])
        few = torch.randint(len(known_classes), (batch,), generator=generator)
        noise = spread[torch.randint(len(spread), (batch,), generator=generator)]
        imagined = F.relu(known_classes[few] + train.uniform(1, 0.2, 0.8, generator) * noise)
        y, certain, wanted = tower.project(imagined), own(imagined).softmax(1), lessons.wanted[chosen]
        rows = chosen[:told]
        picked = torch.multinomial(lessons.true[rows].float(), 1, generator=generator)[:, 0]
        true = lessons.true[rows][:, picked]
        known = torch.nonzero(lessons.kind[chosen[:plain]] >= 0)[:, 0]
        name, options = lessons.name[chosen[known]], lessons.colours[lessons.kind[chosen[known]]]

        def like(target: torch.Tensor):
            return lambda one, names: -(target * F.log_softmax(class_scale.exp() * one @ names.T, dim=1)).sum(1).mean()

        def coloured(one: torch.Tensor, options: torch.Tensor) -> torch.Tensor:
            return F.cross_entropy(colour_scale.exp() * torch.einsum("nd,ncd->nc", one, options), name)

        loss = train.prefix_sum(like(wanted), x, lessons.classes) + train.prefix_sum(like(certain), y, lessons.classes)
        captions = train.prefix_sum(lambda one, texts: pairs(one, texts, true), x[:told], lessons.texts[picked])
        loss = loss + recipe.captions * captions + 0.5 * (1 - (x[:told] * lessons.meant[rows]).sum(1)).mean()
        loss = loss + recipe.colours * train.prefix_sum(coloured, x[known], options)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([one for group in groups for one in group["params"]], 1.0)
        optimizer.step()
        schedule.step()


def right(held: held_out.HeldOut, vectors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """set -> whether each picture's kind was found, or each text's picture among the first ten."""
    result = {}
    for name, about in held.sets.items():
        if "labels" in about:
            result[name] = (vectors[name] @ held.words[name].T).argmax(1) == np.array(about["labels"])
        else:
            first = np.argsort(-(held.words[name] @ vectors[name].T), axis=1)[:, :10]
            result[name] = np.array([bool(set(asked) & set(found)) for asked, found in zip(about["right"], first.tolist())])
    return result


def above(trunk: str, other: str, hits: dict) -> dict:
    """Points of `trunk` above `other`, mean over seeds, with the 95 % interval over the same pictures."""
    mean = lambda name, group: np.mean([one[group] for one in hits[name]], axis=0)
    result = {}
    for group in hits[trunk][0]:
        difference = mean(trunk, group) - mean(other, group)
        result[group] = {"points": round(100 * float(difference.mean()), 1), "interval": interval(difference)}
    return result


def heads(arguments) -> None:
    """Trains and measures every head on every trunk; the file is written after each."""
    write = lambda results: arguments.results.write_text(json.dumps(results, indent=1) + "\n")
    parser = argparse.ArgumentParser()
    train.options(parser)
    recipe = parser.parse_args([str(arguments.pack), "--output", "none", "--steps", str(arguments.steps)])
    lessons, held = Lessons(arguments), held_out.HeldOut(arguments.pack, torch.device("cpu"))
    held.sets[UNSEEN] = {"labels": [sorted(pictures.GARMENTS).index(one.label) for one in unseen_clothing()]}
    held.words[UNSEEN] = held.words["clothing"]
    load = lambda name, what: np.load(arguments.features / f"{name}-{what}")
    found = {name: {**load(name, "held-out.npz"), UNSEEN: load(name, "unseen.npy")} for name in TRUNKS}
    owns = {name: classifier_of(name, arguments.pack) for name in TRUNKS}
    known_classes = functools.cache(lambda name: prototypes(owns[name].linear, lessons.features[name]))
    about = {"pictures": lessons.pictures, "views": lessons.views, "steps": recipe.steps, "batch": recipe.batch}
    runs, hits = [], {}
    costs = {image_towers.UNIFIED: towers.cost(image_towers.unified(arguments.pack)[1], TRUNKS["unified"][0])}
    for name, (side, _) in TRUNKS.items():
        costs |= {f"{name}, {kind}": cost_of(tower_of(kind, owns[name].trunk), side) for kind in HEADS}
    for seed in [None, *arguments.seeds]:
        for kind in arguments.heads:
            for name in arguments.trunks:
                if seed is None and kind == "linear":
                    continue  # it starts at random and knows nothing
                steps = 0 if seed is None else recipe.steps
                kept = arguments.features / f"{name}-{kind}-{seed}-{steps}.npz"
                if arguments.kept and not kept.exists():
                    continue
                torch.manual_seed(seed or 0)
                own, seen, began = owns[name], lessons.features[name], time.time()
                tower = tower_of(kind, own.trunk)
                if kind == "concepts":
                    start(tower, own.linear, lessons.classes, seen)
                one = {"trunk": name, "head": kind, "seed": seed, "steps": steps}
                if not kept.exists():
                    if seed is not None:
                        learn(tower, own.linear, known_classes(name), seen, lessons, recipe, seed)
                    with torch.no_grad():
                        vectors = {key: tower.project(torch.from_numpy(x)).numpy() for key, x in found[name].items()}
                    np.savez(kept, seconds=time.time() - began, **vectors)
                vectors = dict(np.load(kept))
                one["seconds"] = round(float(vectors.pop("seconds")), 1)
                if seed is not None:
                    hits.setdefault(kind, {}).setdefault(name, []).append(right(held, vectors))
                runs.append(one | {"held out": held_out.scored(held, vectors)})
                print({**one, **{key: value.get("top1", value.get("r10")) for key, value in runs[-1]["held out"].items()}}, flush=True)
                write({"about": about, "cost": costs, "runs": runs})
    apart = {
        f"{first} over {second}, {kind}": above(first, second, hits[kind])
        for kind in arguments.heads
        for first, second in PAIRS
        if len(hits.get(kind, {}).get(first, [])) == len(hits.get(kind, {}).get(second, [])) > 0
    }
    write({"about": about, "cost": costs, "apart": apart, "runs": runs})


def cost_of(tower: nn.Module, side: int) -> dict:
    """Parameters and multiply-adds for one picture, of the whole tower and of its head alone."""
    whole, trunk = towers.cost(tower, side), towers.cost(tower.trunk, side)
    return {"tower": whole, "head": {key: whole[key] - trunk[key] for key in whole}}


COLUMNS = {
    "clothing": ("clothing", "top1"), "clothing, unseen": (UNSEEN, "top1"), "grocery, 81 kinds": ("grocery", "top1"),
    "ImageNet, 1,000 kinds": ("imagenet-samples", "top1"),
    "flickr1k R@10": ("flickr1k", "r10"), "fashion-products R@10": ("fashion-products", "r10"),
}  # fmt: skip


def figures_table(results: dict, shipped: dict) -> str:
    """Mean over seeds ± the largest distance from it."""

    def row(own: list[dict], *words: str) -> list[str]:
        values = lambda group, key: [one["held out"][group][key] for one in own if group in one["held out"]]
        return [*words, str(len(own)) if own[0].get("steps") else "–", *(towers.spread(found) if (found := values(*place)) else "–" for place in COLUMNS.values())]

    rows = [row([shipped], "the shipped file: lite2 at 260, all of it trained", "concepts", "1,350")]
    runs = results["runs"]
    for kind in HEADS:
        for steps in sorted({one["steps"] for one in runs}):
            for name, (_, words) in TRUNKS.items():
                own = [one for one in runs if (one["trunk"], one["head"], one["steps"]) == (name, kind, steps)]
                rows += [row(own, words, kind, f"{steps:,}")] if own else []
    return towers.table(["frozen trunk", "head", "steps", "seeds", *COLUMNS], rows)


def saved_table(results: dict) -> str:
    """What a picture's vectors for both models cost: with a trunk each, and with one. Heads: a byte a weight."""
    costs = results["cost"]
    file = lambda name: (HERE.parent / name / f"{name}.int8.onnx").stat().st_size
    line = lambda words, of, size: [words, f"{of['multiply_adds'] / 1e6:.1f} M", f"{size / 2**20:.2f} MiB"]
    rows = [
        line("`unified-embedding` alone", costs[image_towers.UNIFIED], file(image_towers.UNIFIED)),
        line("PinCLIP with a trunk of its own (shipped), on top", costs["lite2, concepts"]["tower"], file("pinclip")),
    ]
    for kind in HEADS:
        head = costs[f"unified, {kind}"]["head"]
        rows.append(line(f"PinCLIP as a head ({kind}) on the shared trunk, on top", head, head["parameters"]))
    return towers.table(["for one picture", "multiply-adds", "int8"], rows)


def card(arguments) -> None:
    """Fills the card's tables from the results and from what `towers.py before` measured."""
    results = json.loads(RESULTS.read_text())
    results |= {one["tower"]: one for one in json.loads(arguments.before.read_text())}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    tables = {
        "start": towers.start_table([results["start"]]),
        "frozen": figures_table(results, results["shipped"]),
        "saved": saved_table(results),
    }
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf8")
    for name, content in tables.items():
        text = towers.filled(text, name, content)
    readme.write_text(text, encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("features", help=features.__doc__)
    one.set_defaults(what=features)
    one.add_argument("pack", type=Path)
    one.add_argument("features", type=Path)
    one.add_argument("--pictures", type=int, default=3000, help="to learn from")
    one.add_argument("--views", nargs="+", choices=VIEWS, default=list(VIEWS[:1]))
    one = commands.add_parser("heads", help=heads.__doc__)
    one.set_defaults(what=heads)
    one.add_argument("pack", type=Path)
    one.add_argument("features", type=Path)
    one.add_argument("--steps", type=int, default=900)
    one.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    one.add_argument("--trunks", nargs="+", choices=tuple(TRUNKS), default=list(TRUNKS))
    one.add_argument("--heads", nargs="+", choices=HEADS, default=list(HEADS))
    one.add_argument("--kept", action="store_true", help="only the runs that were made before")
    one.add_argument("--results", type=Path, default=RESULTS)
    one = commands.add_parser("card", help=card.__doc__)
    one.set_defaults(what=card)
    one.add_argument("before", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    arguments.what(arguments)


if __name__ == "__main__":
    main()
