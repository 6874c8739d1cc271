"""Pictures that PinCLIP learns from, with texts that are true of them. Only sets whose use is open to shipped weights.

Each example has `texts` (true captions), and, where it shows one thing whose colour is known, `kind` (its name
without the colour) and `rgb`: then "<colour> <kind>" is true too, and stays so when the hue is turned.
"""

import io
import json
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from colours import foreground
from training.shards import Picture, crops, data_folder, jpeg, pictures, rows

GARMENTS = {
    "T-Shirt": ["t-shirt"], "Longsleeve": ["long-sleeved shirt", "long sleeve top"], "Pants": ["trousers", "pants"],
    "Shoes": ["shoes"], "Shirt": ["shirt"], "Dress": ["dress"], "Outwear": ["jacket", "coat", "outerwear"],
    "Shorts": ["shorts"], "Hat": ["hat", "cap"], "Skirt": ["skirt"], "Polo": ["polo shirt"],
    "Undershirt": ["undershirt", "sleeveless top"], "Hoodie": ["hoodie", "sweatshirt"], "Blazer": ["blazer"],
    "Body": ["bodysuit"], "Top": ["top"], "Blouse": ["blouse"],
}  # fmt: skip
WOODS = {"oak", "pine", "walnut", "birch", "beech", "ash", "teak", "wood", "bamboo", "rattan", "mahogany", "cherry"}
UNWORN = {"skin", "hair", "null", "accessories", "intimate"}


@dataclass
class Example:
    picture: Picture | None
    path: Path | None  # of a drawing
    texts: list[str]
    kind: str = ""
    rgb: tuple[int, int, int] | None = None


def clothing() -> list[Example]:
    result = []
    for one in pictures("clothing", {"train"}):
        names = GARMENTS.get(one.label)
        if names:
            who = ["kids "] if one.row["kids"] == "True" else []
            texts = [*names, f"a photo of a {names[0]}", f"{names[0]}, clothing", *(w + n for w in who for n in names)]
            result.append(Example(one, None, texts, names[0], "foreground"))
    return result


def masks() -> dict[str, np.ndarray]:
    result = {}
    with tarfile.open(data_folder() / "images" / "clothing-co-parsing" / "masks-0.tar") as tar:
        for member in tar:
            if member.isfile():
                result[Path(member.name).stem] = np.asarray(Image.open(io.BytesIO(tar.extractfile(member).read())))
    return result


def outfits() -> list[Example]:
    names = json.loads((data_folder() / "images" / "clothing-co-parsing" / "labels.json").read_text())
    number = {name: int(key) for key, name in names.items()}
    mask_of, result, colours = masks(), [], {}
    for one in crops("clothing-co-parsing", {"train"}, 0.004):
        if one.label in UNWORN:
            continue
        image = np.asarray(Image.open(io.BytesIO(jpeg(one))).convert("RGB"))
        mask = mask_of[Path(one.file).stem]
        height, width = mask.shape
        x0, y0, x1, y1 = (round(v * n) for v, n in zip(one.box, (width, height, width, height)))
        inside = mask[y0:y1, x0:x1] == number[one.label]
        rgb = None
        if inside.sum() > 40:
            rgb = tuple(int(v) for v in np.median(image[y0:y1, x0:x1][inside], axis=0))
            colours.setdefault(one.file, {})[one.label] = rgb
        result.append(Example(one, None, [one.label, f"a photo of {one.label}"], one.label, rgb))
    for one in pictures("clothing-co-parsing", {"train"}):
        worn = [label for label in one.label.split(";") if label not in UNWORN]
        main = [label for label in worn if label in ("dress", "coat", "jacket", "jeans", "skirt", "pants", "shorts", "blouse", "shirt", "sweater", "blazer")]
        texts = [f"a woman wearing {', '.join(worn[:4])}", "a woman in a street", "a person posing outdoors", "street fashion"]
        texts += [f"a woman in a {label}" for label in main]
        result.append(Example(one, None, texts))
    return result


def home() -> list[Example]:
    where = {"curtain": "in a room", "pot": "in a kitchen", "toaster": "in a kitchen"}
    names = {"curtain": ["curtain", "curtains at a window"], "pot": ["pot", "cooking pot", "saucepan"], "toaster": ["toaster"]}
    result = []
    for one in crops("home-objects", {"train"}, 0.02):
        result.append(Example(one, None, [*names[one.label], f"a photo of a {one.label}"], one.label, "foreground"))
    for one in pictures("home-objects", {"train"}):
        label = one.label.split(";")[0]
        result.append(Example(one, None, [*names[label], f"{label} {where[label]}"]))
    return result


def grocery() -> list[Example]:
    about = {row["label"]: row["text"] for row in rows("grocery") if row["split"] == "iconic"}
    result = []
    for one in pictures("grocery", {"train", "val", "iconic"}):
        label, coarse = (one.row[key].replace("-", " ").lower() for key in ("label", "coarse"))
        texts = [label, coarse, f"a photo of {coarse}", f"{coarse} in a supermarket"]
        texts += [f"{label} {coarse}"] if coarse not in label else []
        texts += [re.split(r"(?<=[.!])\s", about.get(one.row["label"], ""))[0]] if about.get(one.row["label"]) else []
        result.append(Example(one, None, texts))
    return result


def magento() -> list[Example]:
    result = []
    for one in pictures("magento"):
        name, kind = one.row["name"], one.row["categories"].split(";")[0].split("/")[-1].lower()
        if not name or one.row["categories"].startswith("Training"):
            continue
        colour = {"gray": "grey", "lavender": "purple"}.get(one.row["color"].lower(), one.row["color"].lower())
        who = one.row["categories"].split("/")[0].lower()
        who = {"men": "men's", "women": "women's"}.get(who, "")
        texts = [name, kind, f"{who} {kind}".strip(), re.split(r"(?<=[.!])\s", one.row["text"])[0][:160]]
        texts += [f"{colour} {kind}", f"{colour} {name}"] if colour else []
        result.append(Example(one, None, texts))
    return result


def drawn(folder: Path) -> list[Example]:
    result = []
    for line in (folder / "products.jsonl").read_text().splitlines():
        product = json.loads(line)
        words = {key: str(value) for key, value in product["attributes"].items()}
        kind, material = product["category"], words.get("material", "")
        noun = product["title"].split(" in ")[0].split(" ", 1)[-1].lower()
        texts = [product["title"], kind, noun, f"{words.get('style', '')} {kind}", f"{material} {kind}"]
        if words.get("pattern", "plain") != "plain":
            texts.append(f"{words['pattern']} {kind}")
        if any(wood in material for wood in WOODS):
            texts += [f"wooden {kind}", f"wooden {noun}", f"a {kind} made of wood"]
        texts.append(f"{words.get('colour', '')} {kind}")
        rgb = tuple(int(product["hex"][at : at + 2], 16) for at in (1, 3, 5))
        plain = words.get("pattern", "plain") == "plain"
        result.append(Example(None, folder / product["file"], [t.strip() for t in texts], kind, rgb if plain else None))
    return result


def examples(folder: Path) -> dict[str, list[Example]]:
    """By set; `folder` has the drawings."""
    return {
        "clothing": clothing(), "clothing-co-parsing": outfits(), "home-objects": home(), "grocery": grocery(),
        "magento": magento(), "drawn": drawn(folder),
    }  # fmt: skip


def image_of(example: Example, longest: int = 1024) -> Image.Image:
    """The picture, or its box with a margin of 12 %."""
    if example.path is not None:
        return Image.open(example.path).convert("RGB")
    image = Image.open(io.BytesIO(jpeg(example.picture))).convert("RGB")
    if example.picture.box is not None:
        width, height = image.size
        x0, y0, x1, y1 = example.picture.box
        dx, dy = 0.12 * (x1 - x0), 0.12 * (y1 - y0)
        image = image.crop((int(max(x0 - dx, 0) * width), int(max(y0 - dy, 0) * height),
                            max(int(max(x0 - dx, 0) * width) + 1, round(min(x1 + dx, 1) * width)),
                            max(int(max(y0 - dy, 0) * height) + 1, round(min(y1 + dy, 1) * height))))  # fmt: skip
    image.thumbnail((longest, longest), Image.Resampling.BILINEAR)
    return image


def colour_of(example: Example, image: Image.Image) -> tuple[int, int, int] | None:
    if example.rgb == "foreground":
        small = image.resize((64, 64), Image.Resampling.BILINEAR)
        return foreground(np.asarray(small))
    return example.rgb
