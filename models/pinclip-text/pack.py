"""Packs what the small text tower learns from: token ids of all phrases in both vocabularies, and its teacher.

    python models/pinclip/corpus.py corpus.txt
    python models/pinclip-text/pack.py corpus.txt $PACK

Writes `phrases.npz`, `teacher.pt` (matrices in float16, the word table in 8 bits) and `tokenizer.json`.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

MODELS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(MODELS), str(MODELS / "pinclip")]

from space import projection
from training.text_tower import pruned_description, teacher_description, teacher_state, tokenizer_of

VOCABULARY, LAYERS = 13_000, (0, 1, 3, 5)


def flat(tokenizer, lines: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(all ids one after the other, number of ids of each line)."""
    ids = [encoding.ids for encoding in tokenizer.encode_batch(lines)]
    return np.concatenate([np.array(row, np.uint16) for row in ids]), np.array([len(row) for row in ids], np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("pack", type=Path)
    arguments = parser.parse_args()
    lines = arguments.corpus.read_text(encoding="utf8").splitlines()
    arguments.pack.mkdir(parents=True, exist_ok=True)
    description, tokens = pruned_description(lines, VOCABULARY)
    (arguments.pack / "tokenizer.json").write_text(json.dumps(description, ensure_ascii=False), encoding="utf8")
    arrays = {}
    for name, one in (("teacher", teacher_description()), ("student", description)):
        arrays[f"{name}_ids"], arrays[f"{name}_lengths"] = flat(tokenizer_of(one), lines)
    np.savez_compressed(arguments.pack / "phrases.npz", **arrays)
    state = teacher_state()
    words = state.pop("embeddings.word_embeddings.weight")
    scale = words.abs().amax(1, keepdim=True) / 127
    state = {key: value.half() for key, value in state.items() if key.startswith(("embeddings", "encoder"))}
    torch.save(
        {
            "state": state, "words": (words / scale).round().to(torch.int8), "scale": scale, "tokens": tokens,
            "layers": list(LAYERS), "projection": torch.from_numpy(projection()),
        },
        arguments.pack / "teacher.pt",
    )  # fmt: skip
    print(f"{len(lines)} phrases, {len(tokens)} pieces")


if __name__ == "__main__":
    main()
