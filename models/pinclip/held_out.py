"""Pictures that no tower learned from, packed small, and what a tower knows of them: the same measurement for every tower.

    python models/pinclip/held_out.py $PACK/held-out

packs the held-out splits of clothing and grocery, and samples of imagenet-samples, flickr1k and fashion-products, as
WebP squares with the vectors that the shipped int8 text tower gives their words. `evaluate.py` measures the shipped
files on whole sets and untouched pictures; here recall is among fewer pictures, so compare within one table only.
"""

import argparse
import io
import json
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from scores import PREFIXES, cut, interval, recalls, unit

SIDE, FORMAT, QUALITY = 176, "WEBP", 70
SAMPLES = {"imagenet-samples": 500, "flickr1k": 500, "fashion-products": 1000}  # pictures
BATCH = 128


class HeldOut:
    """set -> pictures [N, 3, S, S] uint8 on the device, vectors of words, and what is right."""

    def __init__(self, folder: Path, device: torch.device, limit: int | None = None):
        found = {path.name: path for path in folder.rglob("held-out.*")}
        self.sets = json.loads(found["held-out.json"].read_text())
        vectors, data = np.load(found["held-out.npz"]), found["held-out.bin"].read_bytes()
        self.words = {name: unit(vectors[name].astype(np.float32)) for name in self.sets}
        self.images, offset = {}, 0
        for name, about in self.sets.items():
            files = []
            for size in about["bytes"]:
                files.append(data[offset : offset + size])
                offset += size
            with ThreadPoolExecutor(16) as pool:
                decoded = list(pool.map(lambda one: np.asarray(Image.open(io.BytesIO(one)).convert("RGB")), files[:limit]))
            self.images[name] = torch.from_numpy(np.stack(decoded)).permute(0, 3, 1, 2).to(device)


@torch.no_grad()
def vectors_of(model: nn.Module, images: torch.Tensor, side: int) -> np.ndarray:
    """Pictures [N, 3, S, S] -> vectors [N, D] of a model for pictures of another side; in float32."""
    resized = lambda x: F.interpolate(x.float(), size=(side, side), mode="bilinear", antialias=True).clamp(0, 255)
    return torch.cat([model(resized(batch)) for batch in images.split(BATCH)]).float().cpu().numpy()


def scored(held: HeldOut, seen: dict[str, np.ndarray]) -> dict:
    """Vectors of each set's pictures -> top-1 among the kinds, or recall of the picture that a text describes; percent."""
    result = {}
    for name, about in held.sets.items():
        vectors, words = seen[name], held.words[name]
        if "labels" in about:
            labels = np.array(about["labels"])[: len(vectors)]
            top = {size: (cut(vectors, size) @ cut(words, size).T).argmax(1) == labels for size in PREFIXES}
            found = {"top1": round(100 * float(top[PREFIXES[-1]].mean()), 1), "interval": interval(top[PREFIXES[-1]])}
            found |= {f"top1/{size}": round(100 * float(top[size].mean()), 1) for size in PREFIXES[:-1]}
        else:
            asked = [at for at, right in enumerate(about["right"]) if set(right) <= set(range(len(vectors)))]
            right = [set(about["right"][at]) for at in asked]
            found = recalls(words[asked], vectors, right)
            found |= {f"r10/{size}": recalls(cut(words[asked], size), cut(vectors, size), right)["r10"] for size in PREFIXES[:-1]}
        result[name] = {"pictures": len(vectors), **found}
    return result


def measured(model: nn.Module, side: int, held: HeldOut) -> dict:
    """Figures of a tower: set -> top-1 or recall."""
    model.eval()
    return scored(held, {name: vectors_of(model, images, side) for name, images in held.images.items()})


def like_kind(vectors: np.ndarray, labels: list[int]) -> float:
    """Percent of pictures whose nearest other picture shows the same kind."""
    close = vectors @ vectors.T
    np.fill_diagonal(close, -1)
    labels = np.array(labels)[: len(vectors)]
    return round(100 * float((labels[close.argmax(1)] == labels).mean()), 1)


def packed() -> tuple[dict, list[bytes], dict[str, np.ndarray]]:
    """(about each set, files, vectors of words by set)."""
    import imagenet
    from evaluate import plain, prompts, texts, titled
    from pack import squeezed
    from pictures import GARMENTS
    from training.shards import jpeg, pictures

    def few(name: str, all_of: list) -> list:
        chosen = random.Random(0).sample(range(len(all_of)), min(SAMPLES[name], len(all_of)))
        return [all_of[at] for at in sorted(chosen)]

    kinds = sorted(GARMENTS)
    clothing = [one for one in pictures("clothing", {"val"}) if one.label in GARMENTS]
    grocery = pictures("grocery", {"test"})
    groceries = sorted({one.label for one in grocery})
    samples = few("imagenet-samples", pictures("imagenet-samples"))
    zero_shot = {
        "clothing": (clothing, [kinds.index(one.label) for one in clothing], [prompts(GARMENTS[kind]) for kind in kinds]),
        "grocery": (grocery, [groceries.index(one.label) for one in grocery], [prompts([plain(one)]) for one in groceries]),
        "imagenet-samples": (samples, [int(one.row["index"]) for one in samples], [imagenet.descriptions(index) for index in range(1000)]),
    }  # fmt: skip
    about, files, words = {}, [], {}

    def add(name: str, items: list) -> None:
        data = [squeezed(Image.open(io.BytesIO(jpeg(one))).convert("RGB"), SIDE, FORMAT, QUALITY) for one in items]
        about[name] = {"bytes": [len(one) for one in data]}
        files.extend(data)

    for name, (items, labels, lines) in zero_shot.items():
        add(name, items)
        about[name]["labels"] = labels
        words[name] = np.stack([texts(of_class).mean(0) for of_class in lines])
    described = titled()
    for name in ("flickr1k", "fashion-products"):
        chosen = few(name, list(zip(*described[name])))
        add(name, [item for item, _ in chosen])
        owners: dict[str, list[int]] = {}
        for at, (_, lines) in enumerate(chosen):
            for line in lines:
                owners.setdefault(line, []).append(at)
        about[name]["right"] = list(owners.values())
        words[name] = texts(list(owners))
    return about, files, words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    about, files, words = packed()
    (folder / "held-out.json").write_text(json.dumps(about, separators=(",", ":")))
    (folder / "held-out.bin").write_bytes(b"".join(files))
    np.savez(folder / "held-out.npz", **{name: vectors.astype(np.float16) for name, vectors in words.items()})
    print({name: len(one["bytes"]) for name, one in about.items()}, f"{sum(map(len, files)) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
