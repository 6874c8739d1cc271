"""PinCLIP's image tower: pictures into the space of sentences, on one GPU.

    python models/pinclip/pack.py $DRAWN $PACK
    python models/pinclip/train.py $PACK --output tower.pt

After PinCLIP (arXiv 2603.03544): a sigmoid loss over all pairs of pictures and texts, summed over prefixes. Ours, since
there is no corpus of captions: every crop and every mixture of two pictures is also taught by an ImageNet classifier,
whose classes stand in the space as the vectors of their names; and where a thing's colour is known, "<colour> <thing>"
must be nearer than the same thing in the other eleven colours, also when the hue of the picture is turned.

`--tower` says which image tower learns (`image_towers.py`); the shipped one is `concepts`.
"""

import argparse
import io
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

MODELS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(MODELS / "unified-embedding"), str(MODELS), str(MODELS / "pinclip")]

import colours
import held_out
import image_towers
from image_towers import Classifier
from quantise import quantise
from training.concept_head import prototypes
from training.sigmoid_loss import SigmoidPairs

PREFIXES = (32, 64, 128, 256)
TURNED, MIXED = 0.35, 0.35  # share of a batch whose hue is turned, that is mixed with another picture
SHARES = {"clothing": 0.24, "clothing-co-parsing": 0.24, "home-objects": 0.1, "grocery": 0.14, "magento": 0.08, "drawn": 0.2}
SMALLEST = 0.4  # area of a crop


class Pack:
    """Pictures [N, 3, S, S] uint8 on the device, their texts, and what is true of which."""

    def __init__(self, folder: Path, device: torch.device, limit: int | None = None):
        found = {path.name: path for path in folder.rglob("*") if path.is_file()}
        about = json.loads(found["examples.json"].read_text())
        vectors = np.load(found["vectors.npz"])
        load = lambda key: F.normalize(torch.from_numpy(vectors[key]).float().to(device), dim=-1)
        self.texts, self.classes, self.colours = load("texts"), load("classes"), load("colours")
        examples, data, offset = about["examples"], [], {}
        shards = {}
        for one in examples:
            shard = one["shard"]
            if shard not in shards:
                shards[shard], offset[shard] = found[f"pictures-{shard}.bin"].read_bytes(), 0
            data.append(shards[shard][offset[shard] : offset[shard] + one["bytes"]])
            offset[shard] += one["bytes"]
        if limit:
            chosen = np.random.default_rng(0).permutation(len(examples))[:limit]
            examples, data = [examples[i] for i in chosen], [data[i] for i in chosen]
        with ThreadPoolExecutor(16) as pool:
            decoded = list(pool.map(lambda one: np.asarray(Image.open(io.BytesIO(one)).convert("RGB")), data))
        self.images = torch.from_numpy(np.stack(decoded)).to(device).permute(0, 3, 1, 2).contiguous()
        self.true = torch.zeros(len(examples), len(self.texts), dtype=torch.bool, device=device)
        for row, one in enumerate(examples):
            self.true[row, one["texts"]] = True
        self.kind = torch.tensor([one.get("kind", -1) for one in examples], device=device)
        self.rgb = torch.tensor([one.get("rgb", (0, 0, 0)) for one in examples], device=device).float()
        sets = [one["set"] for one in examples]
        counts = {name: sets.count(name) for name in set(sets)}
        self.chances = torch.tensor([SHARES[name] / counts[name] for name in sets], dtype=torch.float64)


def uniform(count: int, low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return torch.rand(count, device=generator.device, generator=generator) * (high - low) + low


def cropped(images: torch.Tensor, side: int, generator: torch.Generator) -> torch.Tensor:
    """A crop of SMALLEST..1 of the area, perhaps mirrored; brightness by 0.85..1.15: colours keep their names."""
    count, device = len(images), images.device
    area, aspect = uniform(count, SMALLEST, 1.0, generator), torch.exp(uniform(count, -0.29, 0.29, generator))
    width, height = (area * aspect).sqrt().clamp(max=1.0), (area / aspect).sqrt().clamp(max=1.0)
    theta = torch.zeros(count, 2, 3, device=device)
    theta[:, 0, 0] = width * torch.where(uniform(count, 0, 1, generator) < 0.5, -1.0, 1.0)
    theta[:, 1, 1] = height
    theta[:, 0, 2] = uniform(count, -1, 1, generator) * (1 - width)
    theta[:, 1, 2] = uniform(count, -1, 1, generator) * (1 - height)
    grid = F.affine_grid(theta, [count, 3, side, side], align_corners=False)
    x = F.grid_sample(images.float(), grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    return (x * uniform(count, 0.85, 1.15, generator)[:, None, None, None]).clamp(0, 255)


def turned(images: torch.Tensor, rgb: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures and their things' colours with the hue turned by 40..320 degrees."""
    matrix = colours.hue_rotation(uniform(len(images), 0.7, 5.6, generator))
    x = torch.einsum("nij,njhw->nihw", matrix, images).clamp(0, 255)
    return x, torch.einsum("nij,nj->ni", matrix, rgb).clamp(0, 255)


def mixed(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """A rectangle of another picture of the batch lies in each ("CutMix", arXiv 1905.04899)."""
    count, _, side, _ = images.shape
    axis = torch.arange(side, device=images.device) / side
    inside = []
    for _ in range(2):
        centre, half = uniform(count, 0, 1, generator), uniform(count, 0.2, 0.4, generator)
        inside.append((axis[None] - centre[:, None]).abs() < half[:, None])
    mask = inside[0][:, None, :, None] & inside[1][:, None, None, :]
    return torch.where(mask, images.roll(1, 0), images)


@torch.no_grad()
def features_of(classifier: Classifier, pack: Pack, side: int, count: int = 4096) -> torch.Tensor:
    """Pooled features [count, F] of pictures drawn as in training."""
    generator = torch.Generator().manual_seed(2)
    chosen = torch.multinomial(pack.chances, min(count, len(pack.images)), generator=generator).to(pack.images.device)
    result = []
    for rows in chosen.split(256):
        x = F.interpolate(pack.images[rows].float(), size=(side, side), mode="bilinear", antialias=True)
        with torch.autocast(x.device.type, dtype=torch.bfloat16):
            result.append(classifier.features(x).float())
    return torch.cat(result)


def prefix_sum(of, x: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
    """Mean over the prefixes of a loss of unit vectors."""
    cut = lambda t, size: F.normalize(t[..., :size], dim=-1)
    return sum(of(cut(x, size), *(cut(other, size) for other in others)) for size in PREFIXES) / len(PREFIXES)


def train(arguments, pack: Pack) -> tuple[image_towers.Beginning, dict]:
    """The tower, trained, and what the run was: steps, seconds."""
    device, batch, steps = pack.images.device, arguments.batch, arguments.steps
    torch.manual_seed(arguments.seed)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    side = arguments.side or image_towers.SIDES[arguments.tower]
    teacher = image_towers.imagenet(image_towers.TEACHER, arguments.pack).to(device).eval().requires_grad_(False)
    own = image_towers.own_classifier(arguments.tower, arguments.backbone, teacher, arguments.pack)
    own = own.to(device).eval().requires_grad_(False)
    features = features_of(own, pack, side)
    beginning = image_towers.begin(arguments.tower, own, side, pack.classes, features)
    tower, learning = beginning.tower, beginning.parameters()
    known_classes, spread = prototypes(own.linear, features), features - features.mean(0)
    deviation = features.std(0) + 1e-2
    pairs = SigmoidPairs().to(device)
    class_scale = nn.Parameter(torch.tensor(3.7, device=device))  # log: the classes lie close together
    colour_scale = nn.Parameter(torch.tensor(3.0, device=device))
    groups = [
        {"params": learning["pretrained"], "lr": arguments.trunk_rate, "weight_decay": 0.01},
        {"params": learning["fresh"], "lr": arguments.fresh_rate, "weight_decay": 0.01},
        {"params": learning["head"], "lr": arguments.head_rate},
        {"params": [*pairs.parameters(), class_scale, colour_scale], "lr": 2e-3},
    ]
    optimizer = torch.optim.AdamW([one for one in groups if one["params"]], weight_decay=0.0, fused=device.type == "cuda")
    warm = max(1, steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, 0.5 * (1 + np.cos(np.pi * min(step / steps, 1.0)))) + 1e-3
    )
    generator = torch.Generator(device).manual_seed(arguments.seed)
    draw = torch.Generator().manual_seed(arguments.seed)
    order = torch.multinomial(pack.chances, steps * batch, replacement=True, generator=draw).to(device)
    log, began = open(arguments.output.with_suffix(".jsonl"), "w"), time.time()
    few_turned, few_mixed = int(TURNED * batch), int(MIXED * batch)
    for step in range(steps):
        chosen = order[step * batch : (step + 1) * batch]
        images, rgb = cropped(pack.images[chosen], side, generator), pack.rgb[chosen]
        hued, hued_rgb = turned(images[:few_turned], rgb[:few_turned], generator)
        # what is turned no longer looks as its texts say, what is mixed shows more than they say
        told = torch.arange(batch, device=device) >= few_turned
        told &= torch.arange(batch, device=device) < batch - few_mixed
        images = torch.cat([hued, images[few_turned : batch - few_mixed], mixed(images[batch - few_mixed :], generator)])
        rgb = torch.cat([hued_rgb, rgb[few_turned:]])
        with torch.autocast(device.type, dtype=torch.bfloat16):
            with torch.no_grad():
                seen = teacher.features(images)
                wanted = F.log_softmax(teacher.linear(seen), dim=1).float().exp()
                before = seen if own is teacher else own.features(images)
            pooled = before if beginning.frozen else tower.pooled(images)
        x = tower.project(pooled)
        # features of classes that no picture shows, each with the peculiarities of some picture
        noise = spread[torch.randint(len(spread), (len(known_classes),), device=device, generator=generator)]
        imagined = F.relu(known_classes + uniform(1, 0.2, 0.8, generator) * noise)
        certain = own.linear(imagined).softmax(1)
        y = tower.project(imagined)

        def classes(one: torch.Tensor, names: torch.Tensor) -> torch.Tensor:
            scores = F.log_softmax(class_scale.exp() * one @ names.T, dim=1)
            return -(wanted * scores).sum(1).mean()

        def imaginary(one: torch.Tensor, names: torch.Tensor) -> torch.Tensor:
            return -(certain * F.log_softmax(class_scale.exp() * one @ names.T, dim=1)).sum(1).mean()

        def captions(one: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
            return pairs(one, texts, true)

        def coloured(one: torch.Tensor, options: torch.Tensor) -> torch.Tensor:
            return F.cross_entropy(colour_scale.exp() * torch.einsum("nd,ncd->nc", one, options), name)

        rows = chosen[told]
        picked = torch.multinomial(pack.true[rows].float(), 1, generator=generator)[:, 0]
        true = pack.true[rows][:, picked]
        known = (pack.kind[chosen] >= 0) & (torch.arange(batch, device=device) < batch - few_mixed)
        name = colours.named(rgb[known])
        parts = {
            "classes": prefix_sum(classes, x, pack.classes),
            "imagined": prefix_sum(imaginary, y, pack.classes),
            "features": (((pooled - before.float()) / deviation) ** 2).mean(),
            "captions": prefix_sum(captions, x[told], pack.texts[picked]),
            "colours": prefix_sum(coloured, x[known], pack.colours[pack.kind[chosen][known]]),
            # near the mixture of the classes and the texts in direction, too: fusion and unlike subtract vectors
            "direction": (1 - (x[told] * F.normalize(pack.true[rows].float() @ pack.texts, dim=1)).sum(1)).mean(),
        }
        weights = {"classes": 1.0, "imagined": 1.0, "features": arguments.keep, "captions": arguments.captions, "colours": arguments.colours, "direction": 0.5}
        optimizer.zero_grad(set_to_none=True)
        sum(weights[key] * value for key, value in parts.items()).backward()
        nn.utils.clip_grad_norm_([one for group in groups for one in group["params"]], 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == steps - 1:
            line = {key: round(value.item(), 4) for key, value in parts.items()}
            line |= {"step": step, "seconds": round(time.time() - began, 1), "scale": round(class_scale.exp().item(), 1)}
            print(json.dumps(line), flush=True)
            log.write(json.dumps(line) + "\n")
            log.flush()
        if time.time() - began > arguments.seconds:
            print(f"stopped at step {step}: time is up")
            break
    return beginning, {"steps": step + 1, "seconds": round(time.time() - began, 1)}


def save(beginning: image_towers.Beginning, pack: Pack, arguments) -> None:
    """Weights in `--output`; those of the int8 graph beside them, if the trunk is one that has such a graph."""
    tower = beginning.tower.eval()
    recipe = {key: str(value) for key, value in vars(arguments).items()} | {"side": str(beginning.side)}
    torch.save({"recipe": recipe, "state": compact(tower.state_dict())}, arguments.output)
    if arguments.tower != "funnel" and arguments.quantisation_steps:
        student, _, limits = quantise(
            tower, Drawable(pack), beginning.side, steps=arguments.quantisation_steps, log=lambda line: print(line, flush=True)
        )
        quantised = {"trunk": compact(student.trunk.trunk.state_dict()), "limits": limits}
        torch.save(quantised, arguments.output.with_suffix(".quantised.pt"))


class Drawable:
    """A pack as `quantise` draws from it."""

    def __init__(self, pack: Pack):
        self.images, self._chances = pack.images, pack.chances

    def chances(self, _) -> torch.Tensor:
        return self._chances


def compact(state: dict) -> dict:
    """On the CPU, matrices in float16, as the fp32 files store them."""
    return {key: (value.half() if value.ndim > 1 else value.float()).cpu() for key, value in state.items()}


def options(parser: argparse.ArgumentParser) -> None:
    """The recipe; its defaults are those of the shipped tower but for the number of steps."""
    parser.add_argument("pack", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--tower", choices=tuple(image_towers.SIDES), default="concepts")
    parser.add_argument("--backbone", default=image_towers.TEACHER, help="of the tower `concepts`")
    parser.add_argument("--side", type=int, help="pixels; default: the tower's")
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--batch", type=int, default=320)
    parser.add_argument("--trunk-rate", type=float, default=5e-5)
    parser.add_argument("--fresh-rate", type=float, default=1e-3, help="of transformer stages")
    parser.add_argument("--head-rate", type=float, default=4e-4)
    parser.add_argument("--captions", type=float, default=1.0)
    parser.add_argument("--keep", type=float, default=0.3, help="weight of staying near the classifier's features")
    parser.add_argument("--colours", type=float, default=0.5)
    parser.add_argument("--seconds", type=float, default=460)
    parser.add_argument("--quantisation-steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, help="pictures, for a trial")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options(parser)
    parser.add_argument("--held-out", type=Path, help="of `held_out.py`: measures the tower, FILE.json beside the output")
    arguments = parser.parse_args()
    pack = Pack(arguments.pack, torch.device("cuda" if torch.cuda.is_available() else "cpu"), arguments.limit)
    beginning, run = train(arguments, pack)
    save(beginning, pack, arguments)
    if arguments.held_out:
        figures = held_out.measured(beginning.tower, beginning.side, held_out.HeldOut(arguments.held_out, pack.images.device))
        arguments.output.with_suffix(".json").write_text(json.dumps(run | figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
