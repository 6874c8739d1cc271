"""Products and queries as arrays: vectors of pictures and texts, n-grams, who answers what."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from features import embed_pictures, embed_texts
from products import Product, load
from queries import queries, texts_of
from training.ngrams import MAX_NGRAMS, ngram_ids

UNIFIED, LOOK, WORDS = "unified-embedding", "pinclip", "pinclip-text"
MANY_PICTURES = ("grocery", "showroom")  # other photographs are there: no crops needed
MOST_NATURAL = 24  # pictures of a grocery class


@dataclass
class Shelf:
    """Products of some sets. Rows of `pictures` [M, 512]: unified, then look; of `texts` [S, 256] and `ngrams` [S, G].

    Text 0 is the empty one. `ngrams` are ids, or the vectors [S, 256] that a model gave them. `variants` of a product are rows of texts [V, 4]: variant 0 is all of its texts, variant
    1 + k what is left without the words of its query k.
    """

    products: list[Product]
    pictures: torch.Tensor
    texts: torch.Tensor
    ngrams: torch.Tensor
    shown: list[list[int]]  # of each product: its pictures
    others: list[list[int]]  # of each product: pictures to search it by, that it does not show
    variants: list[np.ndarray]
    asked: list[list[tuple[int, str, tuple[int, ...]]]]  # text, kind and wanted attribute values of each query
    has: torch.Tensor  # bool [N, A]: which attribute values a product has
    strings: list[str]

    def rows(self, *sources: str, held_out: bool | None = None) -> np.ndarray:
        return np.array(
            [
                row
                for row, product in enumerate(self.products)
                if product.source in sources and held_out in (None, product.held_out)
            ]
        )


def build(sources: tuple[str, ...], cache: Path, workers: int = 2) -> Shelf:
    products = [product for source in sources for product in load(source, cache)]
    wanted, shown, others = [], [], []
    for product in products:
        at = len(wanted)
        many = product.source in MANY_PICTURES
        views = product.pictures[:MOST_NATURAL] if product.source == "grocery" else product.pictures
        wanted += [(picture, 0) for picture in views]
        shown.append(list(range(at, len(wanted))))
        if many:
            others.append(shown[-1])
        else:
            wanted += [(picture, 1) for picture in views]
            others.append(list(range(at + len(views), len(wanted))))
    pictures = np.concatenate([embed_pictures(name, wanted, cache, workers) for name in (UNIFIED, LOOK)], 1)

    strings: dict[str, int] = {"": 0}
    values: dict[tuple[str, str], int] = {}
    variants, asked = [], []
    for product in products:
        found = queries(product)
        shapes = [texts_of(product.texts), *(texts_of(query.without) for query in found)]
        variants.append(np.array([[strings.setdefault(text, len(strings)) for text in shape] for shape in shapes]))
        asked.append(
            [
                (
                    strings.setdefault(query.text, len(strings)),
                    query.kind,
                    tuple(values.setdefault(one, len(values)) for one in query.wanted),
                )
                for query in found
            ]
        )
    has = torch.zeros(len(products), max(len(values), 1), dtype=torch.bool)
    for row, product in enumerate(products):
        has[row, [values[one] for one in product.attributes.items() if one in values]] = True
    texts = embed_texts(WORDS, list(strings), cache, workers)
    ngrams = np.zeros((len(strings), MAX_NGRAMS), np.int32)
    for row, text in enumerate(strings):
        ids = ngram_ids(text)
        ngrams[row, : len(ids)] = ids
    return Shelf(
        products,
        torch.from_numpy(pictures),
        torch.from_numpy(texts),
        torch.from_numpy(ngrams),
        shown,
        others,
        variants,
        asked,
        has,
        list(strings),
    )


@dataclass
class Content:
    """Products as the model takes them; absent pictures and texts are zeros."""

    pictures: torch.Tensor  # [N, P, 512]
    texts: torch.Tensor  # [N, 4, 256]
    ngrams: torch.Tensor  # ids [N, 4, G], or vectors [N, 4, 256] of a shelf that has them


def content(shelf: Shelf, pictures: list[list[int]], texts: np.ndarray) -> Content:
    """`pictures` of each product; `texts` [N, 4]: rows of both tables."""
    stacked = torch.zeros(len(pictures), max(1, *map(len, pictures)), shelf.pictures.shape[1])
    for row, views in enumerate(pictures):
        stacked[row, : len(views)] = shelf.pictures[views]
    ngrams = shelf.ngrams[texts]
    if not ngrams.is_floating_point():
        ngrams = ngrams[..., : max(1, int((ngrams != 0).sum(-1).max()))]
    return Content(stacked, shelf.texts[texts], ngrams)
