"""Retrieval benchmarks on pictures that shaped no weights: who asks, who answers, what counts as found.

Each set of the data pack has at least one. Where a set knows no second picture of the same thing, the query is a
strongly changed view of a gallery picture (`views.changed_pixels`).
"""

import csv
from dataclasses import dataclass

import numpy as np
import tasks
from training.shards import Picture, crops, data_folder, pictures
from views import View, key_of


@dataclass
class Benchmark:
    """`relevant`, `excluded`: bool [queries, gallery]. `task`: which claim of the paper it measures, if any."""

    name: str
    protocol: str
    task: str | None
    queries: list[View]
    gallery: list[View]
    relevant: np.ndarray
    excluded: np.ndarray


class Collection:
    """The benchmarks, and the pictures behind their views."""

    def __init__(self):
        self.items: dict[str, Picture] = {}
        self.benchmarks: list[Benchmark] = []

    def views(self, items: list[Picture], changed: bool = False) -> list[View]:
        for item in items:
            self.items[key_of(item)] = item
        return [View(key_of(item), changed) for item in items]

    def all_views(self) -> list[View]:
        return sorted(
            {view for one in self.benchmarks for view in (*one.queries, *one.gallery)},
            key=lambda view: (view.key, view.changed),
        )

    def match(self, name, protocol, task, queries, gallery, label, group=None):
        """Found: equal `label`; left out of the gallery: equal `group`."""
        labels = [np.array([label(item) for item in side], dtype=object) for side in (queries, gallery)]
        relevant = labels[0][:, None] == labels[1][None]
        excluded = np.zeros_like(relevant)
        if group is not None:
            groups = [np.array([group(item) for item in side], dtype=object) for side in (queries, gallery)]
            excluded = groups[0][:, None] == groups[1][None]
        self.add(name, protocol, task, self.views(queries), self.views(gallery), relevant, excluded)

    def changed(self, name, task, items):
        """Strongly changed view -> its original."""
        same = np.eye(len(items), dtype=bool)
        self.add(
            name,
            "changed view to its original",
            task,
            self.views(items, True),
            self.views(items),
            same,
            np.zeros_like(same),
        )

    def add(self, name, protocol, task, queries, gallery, relevant, excluded):
        self.benchmarks.append(
            Benchmark(name, protocol, task, queries, gallery, relevant.astype(bool), excluded.astype(bool))
        )


def held_out(collection: Collection) -> None:
    """Held-out parts of the sets that the model is trained on: the three tasks."""
    clothing, garments, objects = tasks.clothing(True), tasks.garments(True), tasks.home_objects(True)
    clothing = [item for item in clothing if tasks.category(item)]
    garments = [item for item in garments if tasks.category(item)]
    kind = tasks.category
    collection.match(
        "clothing: kind",
        "held-out senders, same kind, other sender",
        "category",
        clothing,
        clothing,
        kind,
        lambda item: item.row["sender"],
    )
    collection.match(
        "co-parsing: kind",
        "held-out boxes, same kind, other photo",
        "category",
        garments,
        garments,
        kind,
        lambda item: item.file,
    )
    collection.match(
        "home-objects: kind",
        "held-out boxes, same kind, other photo",
        "category",
        objects,
        objects,
        kind,
        lambda item: item.file,
    )

    photos, iconic = pictures("grocery", {"test"}), pictures("grocery", {"iconic"})
    collection.match(
        "grocery: photo to iconic",
        "test photos, 81 iconic pictures",
        "catalogue",
        photos,
        iconic,
        lambda item: item.label,
    )
    unseen = [item for item in photos if tasks.held_out_grocery(item.label)]
    collection.match(
        "grocery: photo to iconic, unseen",
        "test photos of classes never trained on, 81 iconic pictures",
        None,
        unseen,
        iconic,
        lambda item: item.label,
    )
    shared = {kind(item) for item in clothing}
    street = [item for item in garments if kind(item) in shared]
    collection.match(
        "street to wardrobe",
        "held-out garment boxes to held-out clothing, same kind",
        "catalogue",
        street,
        clothing,
        kind,
    )
    shop, mains = (
        tasks.magento(True),
        [item for item in pictures("magento") if item.row["view"] == "main" and item.row["sku"]],
    )
    others = [item for item in shop if item.row["view"] != "main"]
    product = lambda item: item.row["sku"]
    collection.match(
        "magento: view to main",
        "other views of held-out products, main pictures of all",
        "catalogue",
        others,
        mains,
        product,
    )

    collection.match(
        "magento: same product",
        "pictures of held-out products, all pictures but itself",
        "instance",
        shop,
        pictures("magento"),
        product,
        key_of,
    )
    known = pictures("grocery", {"train"})
    collection.match(
        "grocery: same product",
        "test photos, all train photos, same class",
        "instance",
        photos,
        known,
        lambda item: item.label,
    )
    for name, items in (("clothing", clothing), ("co-parsing", garments), ("home-objects", objects)):
        collection.changed(f"{name}: changed view", "instance", items)


def never_trained(collection: Collection) -> None:
    """Sets for evaluation only."""
    fashion = pictures("fashion-products")
    collection.match(
        "fashion-products: article",
        "leave one out, same article type (67)",
        None,
        fashion,
        fashion,
        lambda item: item.label,
        key_of,
    )
    look = lambda item: " ".join((item.label, item.row["baseColour"], item.row["gender"]))
    collection.match(
        "fashion-products: look",
        "leave one out, same article type, colour and gender",
        None,
        fashion,
        fashion,
        look,
        key_of,
    )
    products = pictures("ikea", {"product"})
    typed = [item for item in products if item.label]
    collection.match(
        "ikea: product type", "leave one out, same product type", None, typed, typed, lambda item: item.label, key_of
    )
    ikea_rooms(collection, products)
    objects = crops("coco-mini", None, 0.01)
    collection.match(
        "coco-mini: object",
        "boxes of at least 1 % of the picture, same class (80), other picture",
        None,
        objects,
        objects,
        lambda item: item.label,
        lambda item: item.file,
    )
    for name in ("flickr1k", "imagenet-samples", "zappos-triplets", "fashion-products", "coco-mini"):
        collection.changed(f"{name}: changed view", None, pictures(name))


def ikea_rooms(collection: Collection, products: list[Picture]) -> None:
    """Room photo -> one of the products in it, and product -> one of its rooms; whole pictures."""
    with open(data_folder() / "images" / "ikea" / "pairs.csv", encoding="utf8", newline="") as file:
        pairs = {(row["product"], row["room"]) for row in csv.DictReader(file)}
    in_rooms, rooms = {product for product, _ in pairs}, pictures("ikea", {"room"})
    products = [item for item in products if item.file in in_rooms]
    relevant = np.array([[(item.file, room.file) in pairs for item in products] for room in rooms])
    none = np.zeros_like(relevant)
    rooms_views, product_views = collection.views(rooms), collection.views(products)
    collection.add(
        "ikea: room to product",
        "whole room photo, products of all rooms",
        None,
        rooms_views,
        product_views,
        relevant,
        none,
    )
    collection.add("ikea: product to room", "product, all rooms", None, product_views, rooms_views, relevant.T, none.T)


def held_out_collection() -> Collection:
    collection = Collection()
    held_out(collection)
    return collection


def full_collection() -> Collection:
    collection = held_out_collection()
    never_trained(collection)
    return collection
