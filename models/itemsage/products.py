"""Products of all sets in one form: pictures, four texts, and what people might search them by."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import paths  # noqa: F401  (makes `training` importable)
from training.shards import Picture, crops, pictures

FIELDS = ("title", "description", "category", "attributes")
SHIP = ("magento", "grocery", "clothing", "home-objects", "outfits", "showroom")
EVALUATE = ("fashion-products", "ikea")
SMALLEST_BOX = 0.04  # of the picture: smaller boxes show nothing
# Most products of the sets that have a picture and a label each: more of them teach little, and cost minutes.
MOST = {"clothing": 2_400, "home-objects": 1_200, "outfits": 1_500}


@dataclass
class Product:
    """`pictures`: of a set (Picture) or files of the drawn showroom (Path)."""

    source: str
    id: str
    pictures: list[Picture | Path] = field(repr=False)
    texts: dict[str, str]
    attributes: dict[str, str]  # what an attribute query may name, such as colour and type
    held_out: bool = False  # by the set's own split, where it has one


def plain(label: str) -> str:
    return re.sub(r"[-_/]+", " ", label).strip().lower()


def magento() -> list[Product]:
    """A product per sku and colour; its pictures are views of it."""
    found: dict[tuple[str, str], list[Picture]] = {}
    for picture in pictures("magento"):
        if picture.row["sku"] and picture.row["name"]:
            found.setdefault((picture.row["sku"], picture.row["color"]), []).append(picture)
    result = []
    for (sku, colour), views in found.items():
        views.sort(key=lambda view: view.row["view"] != "main")
        row = views[0].row
        category = " ".join(part for part in row["label"].split("/") if part != "Collections")
        texts = {
            "title": row["name"],
            "description": row["text"],
            "category": category,
            "attributes": f"colour: {colour}" if colour else "",
        }
        kind = singular(row["label"].split("/")[-1].split("&")[0].strip())
        named = {"colour": colour.lower(), "type": kind}
        result.append(Product("magento", f"{sku}/{colour}", views, texts, named, is_held_out(sku)))
    return result


def is_held_out(sku: str) -> bool:
    """A quarter of the products that have no split of their own; all colours of one together."""
    return hashlib.sha256(sku.encode()).digest()[0] < 64


def grocery() -> list[Product]:
    """A product per class: the iconic picture and a few from the shop; the test split gives queries."""
    found: dict[str, list[Picture]] = {}
    for picture in pictures("grocery"):
        found.setdefault(picture.label, []).append(picture)
    result = []
    for label, all_of_it in found.items():
        iconic = [one for one in all_of_it if one.row["split"] == "iconic"]
        natural = [one for one in all_of_it if one.row["split"] != "iconic"]
        if not iconic or not natural:
            continue
        texts = {
            "title": plain(label),
            "description": iconic[0].row["text"],
            "category": plain(iconic[0].row["coarse"]),
            "attributes": "",
        }
        attributes = {"type": plain(iconic[0].row["coarse"])}
        result.append(Product("grocery", label, [*iconic, *natural], texts, attributes))
    return result


def clothing() -> list[Product]:
    result = []
    for picture in pictures("clothing"):
        kind = {"longsleeve": "long sleeve shirt", "outwear": "jacket"}.get(plain(picture.label), plain(picture.label))
        if kind in ("other", "not sure", "skip"):
            continue
        kids = picture.row["kids"] == "True"
        texts = {"title": f"kids {kind}" if kids else kind, "description": "", "category": "clothing", "attributes": ""}
        held = picture.row["split"] == "val"
        result.append(Product("clothing", picture.file, [picture], texts, {"type": kind}, held))
    return result


def thinned(products: list[Product], most: int) -> list[Product]:
    """`most` of them, evenly spread: neighbours are boxes of one photograph."""
    return [products[at * len(products) // most] for at in range(min(most, len(products)))]


def boxes(name: str, source: str) -> list[Product]:
    return [
        Product(
            source,
            f"{one.file}/{at}",
            [one],
            {"title": plain(one.label), "description": "", "category": "", "attributes": ""},
            {"type": plain(one.label)},
            one.row["split"] == "val",
        )
        for at, one in enumerate(crops(name, smallest=SMALLEST_BOX))
    ]


def showroom(folder: Path, held_out: bool) -> list[Product]:
    """Products drawn by scripts/draw-products.ts."""
    result = []
    for line in (folder / "products.jsonl").read_text(encoding="utf8").splitlines():
        entry = json.loads(line)
        shown = {key: value for key, value in entry["attributes"].items() if key != "department"}
        texts = {
            "title": entry["title"],
            "description": entry["description"],
            "category": entry["category"],
            "attributes": ", ".join(f"{key}: {value}" for key, value in shown.items()),
        }
        named = {"colour": shown["colour"], "material": shown["material"], "type": shown["type"]}
        named["category"] = entry["category"]
        views = [folder / name for name in entry["pictures"]]
        result.append(Product("showroom", entry["id"], views, texts, named, held_out))
    return result


def fashion() -> list[Product]:
    """Evaluation only."""
    result = []
    for picture in pictures("fashion-products"):
        row = picture.row
        texts = {
            "title": row["text"],
            "description": "",
            "category": f"{row['masterCategory']} {row['subCategory']} {picture.label}",
            "attributes": f"colour: {row['baseColour']}, gender: {row['gender']}, usage: {row['usage']}",
        }
        named = {"colour": row["baseColour"].lower(), "type": singular(picture.label), "gender": row["gender"].lower()}
        result.append(Product("fashion-products", picture.file, [picture], texts, named))
    return result


def ikea() -> list[Product]:
    """Evaluation only. Products with a text."""
    result = []
    for picture in pictures("ikea", {"product"}):
        row = picture.row
        if not row["name"]:
            continue
        colour = row["color"].split(",")[0].lower()
        texts = {
            "title": f"{row['name']} {picture.label}",
            "description": row["text"],
            "category": plain(picture.label.split(",")[0]),
            "attributes": f"colour: {row['color']}, size: {row['size']}",
        }
        named = {"colour": colour, "type": plain(picture.label.split(",")[0])}
        result.append(Product("ikea", picture.file, [picture], texts, named))
    return result


def singular(kind: str) -> str:
    word = plain(kind)
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "pants", "jeans", "shorts", "shoes")) else word


def load(name: str, cache: Path) -> list[Product]:
    return {
        "magento": magento,
        "grocery": grocery,
        "clothing": lambda: thinned(clothing(), MOST["clothing"]),
        "home-objects": lambda: thinned(boxes("home-objects", "home-objects"), MOST["home-objects"]),
        "outfits": lambda: thinned(boxes("clothing-co-parsing", "outfits"), MOST["outfits"]),
        "showroom": lambda: showroom(cache / "drawn", False) + showroom(cache / "showroom", True),
        "fashion-products": fashion,
        "ikea": ikea,
    }[name]()
