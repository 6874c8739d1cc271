"""What people might type to find a product, and the product's texts without those words."""

import random
import re
from dataclasses import dataclass

from products import FIELDS, Product

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Words that carry no meaning at the edges of a query.
STOP = frozenset("a an and by de for from in is it of on or s that the this to with without".split())
TITLE_QUERIES, ATTRIBUTE_QUERIES = 2, 2
LONGEST_QUERY = 3  # words of a title


@dataclass(frozen=True)
class TextQuery:
    text: str
    kind: str  # title | attribute
    wanted: tuple[tuple[str, str], ...]  # what every answer has, for attribute queries; a title asks for one product
    without: dict[str, str]  # the product's texts without the words of the query


def stem(word: str) -> str:
    word = word.lower().replace("’", "'").removesuffix("'s")
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def stems(text: str) -> set[str]:
    return {stem(part) for word in WORD.findall(text) for part in word.split("-")} - STOP


def without(texts: dict[str, str], query: str) -> dict[str, str]:
    """Titles lose the words, lists of attributes the entries with them, other fields go whole when they name one."""
    gone = stems(query)

    def kept(text: str) -> bool:
        return not stems(text) & gone

    return {
        "title": " ".join(word for word in texts["title"].split() if kept(word)),
        "description": texts["description"] if kept(texts["description"]) else "",
        "category": texts["category"] if kept(texts["category"]) else "",
        "attributes": ", ".join(part for part in texts["attributes"].split(", ") if kept(part)),
    }


def title_query(title: str, draw: random.Random) -> str:
    """One to three words of a title in a row, none of them empty of meaning at the edges."""
    words = [word for word in title.split() if stems(word)]
    if not words:
        return ""
    count = min(draw.randint(1, LONGEST_QUERY), len(words))
    at = draw.randint(0, len(words) - count)
    return " ".join(words[at : at + count])


def attribute_query(attributes: dict[str, str], draw: random.Random) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`red dress`: a type or category, most often with another attribute before it."""
    named = {key: value for key, value in attributes.items() if value}
    nouns = [key for key in ("type", "category") if key in named]
    if not nouns:
        return "", ()
    noun = draw.choice(nouns)
    others = [key for key in named if key not in ("type", "category")]
    if not others or draw.random() < 0.25:
        return named[noun], ((noun, named[noun]),)
    other = draw.choice(others)
    return f"{named[other]} {named[noun]}", ((other, named[other]), (noun, named[noun]))


def queries(product: Product) -> list[TextQuery]:
    """The same for the same product, always."""
    draw = random.Random(f"{product.source}/{product.id}")
    result = []
    for _ in range(TITLE_QUERIES):
        if text := title_query(product.texts["title"], draw):
            result.append(TextQuery(text, "title", (), without(product.texts, text)))
    for _ in range(ATTRIBUTE_QUERIES):
        text, wanted = attribute_query(product.attributes, draw)
        if text:
            result.append(TextQuery(text, "attribute", wanted, without(product.texts, text)))
    return result


def texts_of(texts: dict[str, str]) -> list[str]:
    return [texts[field] for field in FIELDS]
