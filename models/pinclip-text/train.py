"""PinCLIP's text tower: four layers learn to answer as six, on one GPU in a few minutes.

    python models/pinclip-text/train.py $PACK --output text.pt

The teacher is all-MiniLM-L6-v2 projected into the joint space (models/pinclip/space.py). Loss: one minus the cosine to
the teacher's vector, meaned over the prefixes, and the similarities within a batch.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

MODELS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(MODELS))

from training.text_tower import PAD, TextTower, take_layers

PREFIXES = (32, 64, 128, 256)
HELD_OUT = 4096


class Phrases:
    """Token ids of all lines in one vocabulary."""

    def __init__(self, ids: np.ndarray, lengths: np.ndarray, device: torch.device):
        self.lengths = torch.from_numpy(lengths.astype(np.int64)).to(device)
        self.starts = self.lengths.cumsum(0) - self.lengths
        self.ids = torch.from_numpy(ids.astype(np.int32)).to(device)

    def batch(self, chosen: torch.Tensor) -> torch.Tensor:
        """Ids [N, L], filled up with PAD."""
        lengths = self.lengths[chosen]
        place = torch.arange(int(lengths.max()), device=chosen.device)[None]
        inside = place < lengths[:, None]
        index = (self.starts[chosen][:, None] + place).clamp(max=len(self.ids) - 1)
        return torch.where(inside, self.ids[index], PAD).int()


@torch.no_grad()
def targets(teacher: TextTower, phrases: Phrases, count: int, device: torch.device) -> torch.Tensor:
    order = phrases.lengths[:count].argsort()
    result = torch.empty(count, teacher.linear.out_features, dtype=torch.float16, device=device)
    for chosen in order.split(2048):
        with torch.autocast(device.type, dtype=torch.float16 if device.type == "cuda" else torch.bfloat16):
            result[chosen] = teacher(phrases.batch(chosen)).half()
    return result


def towers(packed: dict, device: torch.device) -> tuple[TextTower, TextTower]:
    state = {key: value.float() for key, value in packed["state"].items()}
    state["embeddings.word_embeddings.weight"] = packed["words"].float() * packed["scale"]
    everything = torch.arange(len(packed["words"]))
    made = []
    for layers, tokens in ((list(range(6)), everything), (packed["layers"], packed["tokens"])):
        tower = TextTower(len(tokens), len(layers), packed["projection"].shape[1])
        take_layers(tower, state, layers, tokens)
        with torch.no_grad():
            tower.linear.weight.copy_(packed["projection"].T)
            tower.linear.bias.zero_()
        made.append(tower.to(device))
    return made[0].eval().requires_grad_(False), made[1]


def distance(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    total = 0
    for size in PREFIXES:
        a, b = F.normalize(x[:, :size], dim=1), F.normalize(y[:, :size], dim=1)
        total = total + (1 - (a * b).sum(1)).mean() + 2 * F.mse_loss(a @ a.T, b @ b.T)
    return total / len(PREFIXES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seconds", type=float, default=230)
    parser.add_argument("--limit", type=int, help="phrases, for a trial")
    arguments = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(0)
    found = {path.name: path for path in arguments.pack.rglob("*") if path.is_file()}
    arrays = np.load(found["phrases.npz"])
    packed = torch.load(found["teacher.pt"], weights_only=True)
    phrases = {
        name: Phrases(arrays[f"{name}_ids"], arrays[f"{name}_lengths"], device) for name in ("teacher", "student")
    }
    count = min(arguments.limit or 10**9, len(phrases["teacher"].lengths))
    teacher, student = towers(packed, device)
    began = time.time()
    wanted = targets(teacher, phrases["teacher"], count, device)
    print(f"{count} targets in {time.time() - began:.0f} s", flush=True)
    held = torch.arange(min(HELD_OUT, count // 4), device=device)
    groups = [
        {"params": [p for n, p in student.named_parameters() if n.startswith("words")], "weight_decay": 0.0},
        {"params": [p for n, p in student.named_parameters() if not n.startswith("words")], "weight_decay": 0.01},
    ]
    optimizer = torch.optim.AdamW(groups, lr=arguments.rate, fused=device.type == "cuda")
    warm = max(1, arguments.steps // 20)

    def share(step: int) -> float:
        spent = max(step / arguments.steps, (time.time() - began) / arguments.seconds)
        return min((step + 1) / warm, 0.5 * (1 + np.cos(np.pi * min(spent, 1.0)))) + 1e-3

    log = open(arguments.output.with_suffix(".jsonl"), "w")
    for step in range(arguments.steps):
        if time.time() - began > arguments.seconds:
            break
        chosen = torch.randint(len(held), count, (arguments.batch,), device=device)
        for group in optimizer.param_groups:
            group["lr"] = arguments.rate * share(step)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            x = student(phrases["student"].batch(chosen))
        loss = distance(x, wanted[chosen].float())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        if step % 250 == 0:
            line = {"step": step, "loss": round(loss.item(), 4), "held_out": checked(student, phrases["student"], held, wanted)}
            line["seconds"] = round(time.time() - began, 1)
            print(json.dumps(line), flush=True)
            log.write(json.dumps(line) + "\n")
            log.flush()
    cosine = checked(student, phrases["student"], held, wanted)
    print(f"held-out cosine {cosine}")
    state = {key: (value.half() if value.ndim > 1 else value).cpu() for key, value in student.state_dict().items()}
    torch.save({"state": state, "layers": packed["layers"], "held_out_cosine": cosine}, arguments.output)


@torch.no_grad()
def checked(student: TextTower, phrases: Phrases, held: torch.Tensor, wanted: torch.Tensor) -> float:
    """Mean cosine to the teacher on phrases that are not learned from."""
    return round((student(phrases.batch(held)) * wanted[held].float()).sum(1).mean().item(), 4)


if __name__ == "__main__":
    main()
