"""Vectors of every picture and every text, computed once with the shipped encoders and kept in a cache folder.

A cache is `<model>@<revision>.npz`: what was asked (keys) and the answers [N, 256]. A new revision of an encoder
fills a new file; what is there is not computed again.
"""

import hashlib
import io
import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageEnhance
from tokenizers import Tokenizer

from paths import MODELS
from training.shards import Picture, jpeg

DIMENSIONS = 256
BATCH = 16
LEAST_AREA, MOST_AREA = 0.3, 0.7  # of the picture that a crop keeps


def manifest_of(name: str) -> dict:
    return json.loads((MODELS / name / "manifest.json").read_text(encoding="utf8"))


def pinned(name: str) -> str:
    return f"{name}@{manifest_of(name)['revision']}"


def session(name: str, threads: int = 1) -> onnxruntime.InferenceSession:
    """The smallest precision that ships: what an edge function computes."""
    files = manifest_of(name)["files"]
    file = next(files[precision] for precision in ("int8", "fp16", "fp32") if precision in files)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(MODELS / name / file["path"]), options, providers=["CPUExecutionProvider"])


def units(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)).astype(np.float32)


# Pictures


def picture_key(picture: Picture | Path, view: int) -> str:
    """View 0 is the whole picture or box; every other view is a crop of it, drawn by its key."""
    if isinstance(picture, Path):
        return f"{picture.parent.name}/{picture.name}#{view}"
    box = "" if picture.box is None else ",".join(f"{side:.4f}" for side in picture.box)
    return f"{picture.source}/{picture.file}/{box}#{view}"


def opened(picture: Picture | Path) -> Image.Image:
    if isinstance(picture, Path):
        return Image.open(picture).convert("RGB")
    image = Image.open(io.BytesIO(jpeg(picture))).convert("RGB")
    if picture.box is None:
        return image
    width, height = image.size
    x0, y0, x1, y1 = picture.box
    left, top = int(x0 * width), int(y0 * height)
    return image.crop((left, top, max(round(x1 * width), left + 1), max(round(y1 * height), top + 1)))


def cropped(image: Image.Image, draw: random.Random) -> Image.Image:
    """A part of the picture in other light, sometimes mirrored: what a searcher might photograph or cut out."""
    area = draw.uniform(LEAST_AREA, MOST_AREA)
    stretch = draw.uniform(0.8, 1.25)
    width, height = (min(1.0, area**0.5 * factor) for factor in (stretch, 1 / stretch))
    left, top = draw.uniform(0, 1 - width) * image.width, draw.uniform(0, 1 - height) * image.height
    image = image.crop((left, top, left + max(width * image.width, 2), top + max(height * image.height, 2)))
    if draw.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhance(image).enhance(draw.uniform(0.8, 1.25))
    return image


def embed_pictures(name: str, wanted: list[tuple[Picture | Path, int]], cache: Path, workers: int) -> np.ndarray:
    """Unit vectors [N, 256] of (picture, view)."""
    keys = [picture_key(picture, view) for picture, view in wanted]
    manifest = manifest_of(name)
    size = (manifest["preprocess"]["width"], manifest["preprocess"]["height"])

    def compute(missing: list[int]) -> Callable[[int], None]:
        network = session(name)

        def batch(rows: list[int]) -> np.ndarray:
            images = []
            for row in rows:
                picture, view = wanted[row]
                image = opened(picture)
                if view:
                    image = cropped(image, random.Random(keys[row]))
                images.append(np.asarray(image.resize(size, Image.Resampling.BILINEAR)))
            fed = {manifest["input"]["name"]: np.stack(images)}
            return network.run([manifest["output"]["name"]], fed)[0]

        return batch

    return cached(cache / f"{pinned(name)}.npz", keys, compute, workers)


# Texts


def embed_texts(name: str, texts: list[str], cache: Path, workers: int) -> np.ndarray:
    """Unit vectors [N, 256] of texts; zeros for the empty one."""
    manifest = manifest_of(name)
    about = manifest["text"]

    def compute(missing: list[int]) -> Callable[[int], None]:
        network = session(name)
        tokenizer = Tokenizer.from_file(str(MODELS / name / about["tokenizer"]["path"]))
        tokenizer.no_padding()
        tokenizer.enable_truncation(about["max_tokens"])

        def one(text: str) -> np.ndarray:
            ids = np.array([tokenizer.encode(text).ids], np.int32)
            return network.run([manifest["output"]["name"]], {manifest["input"]["name"]: ids})[0][0]

        def batch(rows: list[int]) -> np.ndarray:
            # Each by itself, as the product does: an int8 graph scales by the largest of all that it is given.
            return np.stack([one(texts[row]) for row in rows])

        return batch

    found = cached(cache / f"{pinned(name)}.npz", texts, compute, workers)
    found[[at for at, text in enumerate(texts) if not text]] = 0
    return found


# The cache


def cached(path: Path, keys: list[str], compute: Callable, workers: int) -> np.ndarray:
    """Answers [N, 256] in the order of the keys; those not in the file are computed and added to it."""
    known: dict[bytes, int] = {}
    vectors = np.zeros((0, DIMENSIONS), np.float32)
    digests = [hashlib.sha256(key.encode()).digest()[:16] for key in keys]
    if path.exists():
        with np.load(path) as file:
            vectors = file["vectors"]
            known = {digest.tobytes(): row for row, digest in enumerate(file["digests"])}
    missing = [row for digest, row in dict(zip(digests, range(len(keys)))).items() if digest not in known]
    if missing:
        print(f"{path.name}: {len(missing)} of {len(keys)} to compute", flush=True)
        found = shared(missing, compute, workers)
        vectors = np.concatenate([vectors, units(found)])
        known |= {digests[row]: len(known) + at for at, row in enumerate(missing)}
        path.parent.mkdir(parents=True, exist_ok=True)
        stored = np.frombuffer(b"".join(known), np.uint8).reshape(-1, 16)
        np.savez(path, vectors=vectors, digests=stored)
    return vectors[[known[digest] for digest in digests]]


def shared(rows: list[int], compute: Callable, workers: int) -> np.ndarray:
    """compute(rows)(batch) for all rows, shared among threads: decoding and networks run outside Python's lock.

    Not among forked processes: torch and onnxruntime have threads of their own, and a fork that finds one of these
    holding a lock waits for ever.
    """
    result = np.zeros((len(rows), DIMENSIONS), np.float32)

    def share(number: int) -> None:
        batch = compute(rows)
        for at in range(number * BATCH, len(rows), workers * BATCH):
            result[at : at + BATCH] = batch(rows[at : at + BATCH])

    with ThreadPoolExecutor(workers) as crew:
        list(crew.map(share, range(workers)))
    return result
