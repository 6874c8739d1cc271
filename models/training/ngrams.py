"""Text to hashed n-grams: word unigrams, word bigrams and character trigrams. The twin of src/catalog/ngrams.ts."""

import itertools
import unicodedata
from collections.abc import Iterator

MAX_CHARACTERS = 4_096  # of a field, in code points; what follows is not read
MAX_NGRAMS = 256  # of a field: words first, then bigrams, then trigrams
LONGEST_WORD = 64  # code points; the rest of a longer one is dropped


def words(text: str) -> list[str]:
    """Runs of letters, marks and digits, in lower case and compatibility form (NFKC)."""
    # The cut comes first: normalising is what costs, and one character may become eighteen.
    folded = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower()
    runs = itertools.groupby(folded, key=lambda character: unicodedata.category(character)[0] in "LMN")
    return ["".join(run)[:LONGEST_WORD] for kept, run in runs if kept]


def ngrams(text: str) -> Iterator[str]:
    """`1`, `2` or `3` and the n-gram. Trigrams see where a word begins and ends: `<re`, `red`, `ed>`."""
    found = words(text)
    yield from (f"1{word}" for word in found)
    yield from (f"2{first} {second}" for first, second in itertools.pairwise(found))
    for word in found:
        marked = f"<{word}>"
        yield from (f"3{marked[at : at + 3]}" for at in range(len(marked) - 2))


def hash_of(ngram: str) -> int:
    """FNV-1a over UTF-8 with a final mix, in 1 … 2^31 - 1: 0 stands for no n-gram."""
    value = 0x811C9DC5
    for byte in ngram.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    value = (value ^ value >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    value ^= value >> 13
    return (value & 0x7FFFFFFF) or 1


def ngram_ids(text: str, most: int = MAX_NGRAMS) -> list[int]:
    """Hashes of the first `most` different n-grams, in order."""
    different = dict.fromkeys(ngrams(text))
    return [hash_of(ngram) for ngram in itertools.islice(different, most)]
