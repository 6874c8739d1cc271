"""Training pictures of the unified embedding, with their classes for each task, and the held-out parts.

Tasks (sheet of arXiv 1908.01707: browse, camera-to-catalogue, exact product):
* category: what kind of thing. Classes of the same name are one class across sets.
* catalogue: natural photo and catalogue picture of the same product. Grocery classes (shop photo, iconic picture)
  and magento products.
* instance: this very thing. Each piece of clothing, each garment box, each object box, each magento product, each
  grocery class; a single picture stands against strongly augmented forms of itself.

Held out everywhere: clothing by sender, garments and home objects by the sets' own split, grocery's test photos and
16 of its classes, 30 % of magento's products.
"""

import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training.shards import Picture, crops, pictures

TASKS = ("category", "catalogue", "instance")
SETS = ("clothing", "clothing-co-parsing", "home-objects", "grocery", "magento")
SMALLEST_GARMENT, SMALLEST_OBJECT = 0.008, 0.01  # fractions of the picture
NOT_GARMENTS = {"accessories", "other", "not sure", "skip"}


def bucket(text: str) -> int:
    """0..99, the same on every machine."""
    return zlib.crc32(text.encode()) % 100


def held_out_sender(row: dict) -> bool:
    return bucket(f"wardrobe {row['sender']}") < 14


def held_out_sku(sku: str) -> bool:
    return bucket(f"sku {sku}") < 30


def held_out_grocery(label: str) -> bool:
    return bucket(f"product {label}") < 20


def clothing(held_out: bool) -> list[Picture]:
    return [item for item in pictures("clothing") if held_out_sender(item.row) == held_out]


def garments(held_out: bool) -> list[Picture]:
    return crops("clothing-co-parsing", {"val"} if held_out else {"train"}, SMALLEST_GARMENT)


def home_objects(held_out: bool) -> list[Picture]:
    return crops("home-objects", {"val"} if held_out else {"train"}, SMALLEST_OBJECT)


def magento(held_out: bool) -> list[Picture]:
    return [item for item in pictures("magento") if item.row["sku"] and held_out_sku(item.row["sku"]) == held_out]


def training_pictures() -> list[Picture]:
    """Everything that may shape the weights."""
    grocery = [item for item in pictures("grocery", {"train", "val", "iconic"}) if not held_out_grocery(item.label)]
    return [*clothing(False), *garments(False), *home_objects(False), *grocery, *magento(False)]


def category(item: Picture) -> str | None:
    if item.source == "magento":
        parts = item.label.split("/")
        return f"sports {parts[-1]}".lower() if parts[0] in ("Women", "Men") else "/".join(parts[:2]).lower()
    if item.source == "grocery":
        return f"grocery {item.row['coarse']}".lower()
    return None if item.label.lower() in NOT_GARMENTS else item.label.lower()


def catalogue(item: Picture) -> str | None:
    return {"grocery": f"grocery {item.label}", "magento": f"magento {item.row.get('sku')}"}.get(item.source)


def instance(item: Picture) -> str:
    return catalogue(item) or f"{item.source} {item.file} {item.box}"


@dataclass
class TrainingSet:
    """`sets` [N]: index into SETS; `labels`: task -> [N] class or -1; `classes`: task -> number of classes."""

    items: list[Picture]
    sets: np.ndarray
    labels: dict[str, np.ndarray]
    classes: dict[str, int]
    weights: np.ndarray  # of each picture within its set


def training_set() -> TrainingSet:
    items = training_pictures()
    labels, classes = {}, {}
    for task, name in zip(TASKS, (category, catalogue, instance)):
        names = [name(item) for item in items]
        index = {text: number for number, text in enumerate(sorted({text for text in names if text}))}
        labels[task] = np.array([index[text] if text else -1 for text in names], np.int64)
        classes[task] = len(index)
    iconic = np.array([item.row["split"] == "iconic" if item.source == "grocery" else False for item in items])
    sets = np.array([SETS.index(item.source) for item in items])
    return TrainingSet(
        items, sets, labels, classes, np.where(iconic, 6.0, 1.0)
    )  # an iconic picture stands for ~20 photos
