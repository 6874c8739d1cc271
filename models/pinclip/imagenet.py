"""The 1,000 ImageNet classes as words: synonyms, definitions and the words above them in WordNet.

The order of the classes is that of their wnids (a WordNet 3.0 offset behind an "n"); the list of wnids is timm's.
"""

import functools
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

WORDNET = Path("/usr/share/wordnet/data.noun")
DEPTH = 6  # steps upwards
TOO_GENERAL = {
    "entity", "physical entity", "object", "whole", "artifact", "matter", "substance", "instrumentality", "unit",
    "living thing", "organism", "causal agent", "abstraction", "part", "thing", "conveyance", "covering", "consumer goods",
    "commodity", "way", "paper", "surface", "area", "geological formation", "natural object", "device", "equipment",
}  # fmt: skip


@dataclass(frozen=True)
class Synset:
    names: tuple[str, ...]
    definition: str
    above: tuple[str, ...]  # wnids


@functools.cache
def nouns() -> dict[str, Synset]:
    """wnid -> synset."""
    result = {}
    for line in WORDNET.read_text(encoding="latin1").splitlines():
        if line.startswith("  "):
            continue
        fields, _, gloss = line.partition(" | ")
        words = fields.split(" ")
        count = int(words[3], 16)
        names = tuple(word.replace("_", " ") for word in words[4 : 4 + 2 * count : 2])
        rest = words[5 + 2 * count :]
        above = tuple(f"n{rest[at + 1]}" for at in range(0, len(rest) - 3, 4) if rest[at] in ("@", "@i"))
        result[f"n{words[0]}"] = Synset(names, gloss.split(";")[0].strip(), above)
    return result


@functools.cache
def wnids() -> list[str]:
    from timm.data import ImageNetInfo

    info = ImageNetInfo()
    return [info.index_to_label_name(index) for index in range(info.num_classes())]


def ancestors(wnid: str) -> list[tuple[str, ...]]:
    """Names of the synsets above, nearest first, those that say nothing left out."""
    result, layer = [], [wnid]
    for _ in range(DEPTH):
        layer = list(dict.fromkeys(above for one in layer for above in nouns()[one].above))
        result += [nouns()[one].names for one in layer if nouns()[one].names[0] not in TOO_GENERAL]
    return result


def names(index: int) -> tuple[str, ...]:
    return nouns()[wnids()[index]].names


def descriptions(index: int) -> list[str]:
    """What the class's vector is the mean of: each name alone and in a photo, and the names with the definition."""
    synset = nouns()[wnids()[index]]
    return [
        *(text.format(name) for name in synset.names for text in ("{}", "a photo of a {}")),
        f"{', '.join(synset.names)}: {synset.definition}",
    ]


def captions(index: int) -> list[str]:
    """Texts that are true of a picture of this class, from the exact to the general."""
    own = names(index)
    return [*own, *(f"a {own[0]} {place}" for place in ("outdoors", "on a table")[:0]), *(name[0] for name in ancestors(wnids()[index]))]
