"""The 1,000 ImageNet classes as words: synonyms and definitions of WordNet.

The order of the classes is that of their wnids (a WordNet 3.0 offset behind an "n"); the list of wnids is timm's.
"""

import functools
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

WORDNET = Path("/usr/share/wordnet/data.noun")


@dataclass(frozen=True)
class Synset:
    names: tuple[str, ...]
    definition: str


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
        result[f"n{words[0]}"] = Synset(names, gloss.split(";")[0].strip())
    return result


@functools.cache
def wnids() -> list[str]:
    from timm.data import ImageNetInfo

    info = ImageNetInfo()
    return [info.index_to_label_name(index) for index in range(info.num_classes())]


def descriptions(index: int) -> list[str]:
    """What the class's vector is the mean of: each name alone and in a photo, and the names with the definition."""
    synset = nouns()[wnids()[index]]
    return [
        *(text.format(name) for name in synset.names for text in ("{}", "a photo of a {}")),
        f"{', '.join(synset.names)}: {synset.definition}",
    ]
