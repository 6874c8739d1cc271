"""Reads picture sets: `manifest.csv`, optional `boxes.jsonl`, JPEGs in uncompressed `part-N.tar` files.

The folder is CORKBOARD_DATA (default ../shared/data, seen from the repository's root); a set is `images/<name>`.
"""

import csv
import functools
import io
import json
import multiprocessing
import os
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Picture:
    """One picture, or one box of a picture, with what its set says about it."""

    source: str
    file: str
    row: dict = field(repr=False)
    box: tuple[float, float, float, float] | None = None  # x0, y0, x1, y1 as fractions
    label: str = ""


def data_folder() -> Path:
    return Path(os.environ.get("CORKBOARD_DATA", ROOT.parent / "shared" / "data"))


def rows(name: str) -> list[dict]:
    """The manifest of a set, in file order."""
    with open(data_folder() / "images" / name / "manifest.csv", encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


def pictures(name: str, splits: set[str] | None = None) -> list[Picture]:
    """Whole pictures of a set, of these splits."""
    return [
        Picture(name, row["file"], row, None, row["label"])
        for row in rows(name)
        if splits is None or row["split"] in splits
    ]


def crops(
    name: str, splits: set[str] | None = None, smallest: float = 0.0, labels: set[str] | None = None
) -> list[Picture]:
    """Boxes of a set that cover at least `smallest` of the picture, crowd boxes left out."""
    by_file = {row["file"]: row for row in rows(name)}
    result = []
    with open(data_folder() / "images" / name / "boxes.jsonl", encoding="utf8") as file:
        for line in file:
            entry = json.loads(line)
            row = by_file[entry["file"]]
            if splits is not None and row["split"] not in splits:
                continue
            for box in entry["boxes"]:
                x0, y0, x1, y1 = box["box"]
                if (x1 - x0) * (y1 - y0) < smallest or box.get("crowd") or (labels and box["label"] not in labels):
                    continue
                result.append(Picture(name, entry["file"], row, (x0, y0, x1, y1), box["label"]))
    return result


@functools.cache
def _archive(path: Path) -> dict[str, tuple[int, int]]:
    with tarfile.open(path) as tar:
        return {member.name: (member.offset_data, member.size) for member in tar}


def jpeg(picture: Picture) -> bytes:
    """The bytes of the JPEG file."""
    path = data_folder() / "images" / picture.source / picture.row["part"]
    offset, size = _archive(path)[picture.file]
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(size)


def pixels(picture: Picture, side: int, margin: float = 0.0) -> np.ndarray:
    """Picture (or box, widened by `margin` of its size) stretched to [side, side, 3] uint8, antialiased bilinear."""
    image = Image.open(io.BytesIO(jpeg(picture))).convert("RGB")
    if picture.box is not None:
        width, height = image.size
        x0, y0, x1, y1 = picture.box
        dx, dy = margin * (x1 - x0), margin * (y1 - y0)
        left, top = int(max(x0 - dx, 0) * width), int(max(y0 - dy, 0) * height)
        right, bottom = round(min(x1 + dx, 1) * width), round(min(y1 + dy, 1) * height)
        image = image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    return np.asarray(image.resize((side, side), Image.Resampling.BILINEAR))


def fill(result: np.ndarray, one: Callable[[int], np.ndarray], workers: int) -> np.ndarray:
    """result[i] = one(i) for all i, shared among forked processes; `result` lies in a file or in shared memory."""

    def share(number: int) -> None:
        for index in range(number, len(result), workers):
            result[index] = one(index)

    context = multiprocessing.get_context("fork")
    crew = [context.Process(target=share, args=(number,)) for number in range(workers)]
    for process in crew:
        process.start()
    for process in crew:
        process.join()
        if process.exitcode:
            raise RuntimeError(f"decoding failed with exit code {process.exitcode}")
    return result


def decode(items: list[Picture], side: int) -> np.ndarray:
    """All pictures as [N, side, side, 3] uint8."""
    return np.stack([pixels(item, side) for item in items])
