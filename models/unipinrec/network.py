"""UniPinRec (arXiv 2606.00422): one causal transformer whose history serves retrieval, and ranking from its keys and values.

A token is an item and what was done with it, side by side (masked action modelling): n actions are n tokens. The
sequence is START, the history, then candidates. A candidate sees START, the whole history and itself, never another
candidate; all stand at the position after the history, and their actions are masked.
"""

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

ACTIONS = ("click", "closeup", "save", "hide", "purchase")
SURFACES = ("", "feed", "search", "board", "item")  # the first: unknown
ROTARY_BASE = 10_000.0


@dataclass(frozen=True)
class Config:
    content: int = 256  # components of an item's content vector
    dimensions: int = 256  # of item and query vectors
    width: int = 256  # of the transformer
    layers: int = 4
    heads: int = 4
    feed_forward: int = 4  # times the width
    action_width: int = 64
    actions: int = len(ACTIONS)
    surfaces: int = len(SURFACES)
    dropout: float = 0.1

    @property
    def head(self) -> int:
        return self.width // self.heads


class ItemTower(nn.Module):
    """Content vectors [..., E] -> unit vectors [..., D]: what the index holds, and what tokens are made of."""

    def __init__(self, config: Config):
        super().__init__()
        self.hidden = nn.Linear(config.content, 2 * config.dimensions)
        self.out = nn.Linear(2 * config.dimensions, config.dimensions)
        self.skip = nn.Linear(config.content, config.dimensions, bias=False)

    def forward(self, content: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.skip(content) + self.out(F.gelu(self.hidden(content))), dim=-1)


def rotation(positions: torch.Tensor, head: int) -> tuple[torch.Tensor, torch.Tensor]:
    """cos and sin [..., head / 2] of rotary position embedding (arXiv 2104.09864) at integer positions [...]."""
    frequencies = ROTARY_BASE ** (-torch.arange(0, head, 2, device=positions.device).float() / head)
    angles = positions.float()[..., None] * frequencies
    return angles.cos(), angles.sin()


def rotated(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """[B, H, T, d], its halves turned by cos and sin [B or 1, 1, T, d / 2]."""
    first, second = x.chunk(2, dim=-1)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], dim=-1)


class Block(nn.Module):
    """Pre-norm attention and feed-forward layer."""

    def __init__(self, config: Config):
        super().__init__()
        width, hidden = config.width, config.width * config.feed_forward
        self.heads, self.head, self.dropout = config.heads, config.head, config.dropout
        self.attention_norm, self.feed_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.drop = nn.Dropout(config.dropout)

    def projected(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """x [B, T, W] -> queries, keys (both rotated) and values [B, H, T, d]."""
        q, k, v = self.qkv(self.attention_norm(x)).unflatten(-1, (3, self.heads, self.head)).permute(2, 0, 3, 1, 4)
        return rotated(q, cos, sin), rotated(k, cos, sin), v

    def attended(self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """`mask`: bool, true where a query sees a key; without one: what is not later."""
        drop = self.dropout if self.training else 0.0
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=drop, is_causal=mask is None)

    def finished(self, x: torch.Tensor, attended: torch.Tensor) -> torch.Tensor:
        """Adds what attention found [B, H, T, d], then the feed-forward layer."""
        x = x + self.drop(self.out(attended.transpose(1, 2).flatten(2)))
        return x + self.drop(self.down(F.gelu(self.up(self.feed_norm(x)))))

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        return self.finished(x, self.attended(*self.projected(x, cos, sin), mask))


class UniPinRec(nn.Module):
    """`items` are outputs of the item tower, or of a table of the set's own, everywhere."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.item = ItemTower(config)
        self.action = nn.Linear(config.actions + 1, config.action_width)  # the last: masked
        self.surface = nn.Embedding(config.surfaces, config.width)
        self.gap = nn.Linear(1, config.width)
        self.token = nn.Linear(config.dimensions + config.action_width, config.width)
        self.start = nn.Parameter(torch.randn(config.width) * 0.02)
        self.drop = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.query = nn.Linear(config.width, config.dimensions)
        self.predict = nn.Sequential(
            nn.Linear(config.width, config.width), nn.GELU(), nn.Linear(config.width, config.actions)
        )
        self.log_temperature = nn.Parameter(torch.tensor(0.05).log())
        nn.init.zeros_(self.gap.weight)
        nn.init.zeros_(self.surface.weight)

    def about(self) -> dict:
        return asdict(self.config)

    def tokens(self, items, actions, masked, gaps, surfaces) -> torch.Tensor:
        """items [B, T, D], actions [B, T, C] multi-hot, masked bool [B, T], gaps ln(1 + seconds) [B, T],
        surfaces [B, T] -> [B, T, W]. Where masked, actions are not seen."""
        mask = masked[..., None].to(items.dtype)
        said = self.action(torch.cat([actions * (1 - mask), mask], dim=-1))
        return self.token(torch.cat([items, said], dim=-1)) + self.surface(surfaces) + self.gap(gaps[..., None])

    def _start(self, batch: int) -> torch.Tensor:
        return self.start.expand(batch, 1, -1)

    def sequence(self, history: torch.Tensor, lengths: torch.Tensor, candidates: torch.Tensor | None = None) -> torch.Tensor:
        """What every token says, for training. history [B, n, W] right-padded to lengths [B]; candidates [B, k, W].

        -> [B, 1 + n + k, W]: START, history, candidates.
        """
        batch, n = history.shape[:2]
        k = 0 if candidates is None else candidates.shape[1]
        parts = [self._start(batch), history] + ([] if candidates is None else [candidates])
        x = self.drop(torch.cat(parts, dim=1))
        device = x.device
        own = torch.arange(1 + n, device=device).expand(batch, -1)
        positions = torch.cat([own, (lengths + 1)[:, None].expand(-1, k)], dim=1)
        cos, sin = (one[:, None] for one in rotation(positions, self.config.head))
        # Without candidates nothing real stands after padding: causal attention alone keeps padding out.
        mask = None if k == 0 else self.seen(lengths, n, k)
        for block in self.blocks:
            x = block(x, cos, sin, mask)
        return self.norm(x)

    def seen(self, lengths: torch.Tensor, n: int, k: int) -> torch.Tensor:
        """bool [B, 1, 1 + n + k, 1 + n + k], true where a token of `sequence` (the row) sees another."""
        total, device = 1 + n + k, lengths.device
        itself = torch.eye(total, dtype=torch.bool, device=device)
        causal = torch.ones(total, total, dtype=torch.bool, device=device).tril()
        causal[:, 1 + n :] = False
        real = torch.arange(total, device=device) <= lengths[:, None]
        return (causal & real[:, None] | itself)[:, None]

    def queries(self, said: torch.Tensor) -> torch.Tensor:
        """What tokens say [..., W] -> query vectors [..., D] of unit length for the item after them."""
        return F.normalize(self.query(said), dim=-1)

    def action_logits(self, said: torch.Tensor) -> torch.Tensor:
        """What tokens with masked actions say [..., W] -> logits of their actions [..., C]."""
        return self.predict(said)

    # Serving: the same in two steps.

    def start_cache(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Keys and values of START, [L, 1, H, 1, d]: what every history begins with."""
        x, keys, values = self._start(1), [], []
        cos, sin = (one[None, None] for one in rotation(torch.zeros(1, device=x.device), self.config.head))
        for block in self.blocks:
            q, k, v = block.projected(x, cos, sin)
            keys.append(k)
            values.append(v)
            x = block.finished(x, block.attended(q, k, v, None))
        return torch.stack(keys), torch.stack(values)

    def history(self, items, actions, gaps, surfaces, lengths, past_keys, past_values):
        """New tokens after those whose keys and values are there.

        items [B, n, D], actions [B, n, C], gaps, surfaces [B, n], lengths [B] of the new tokens (right-padded),
        past_keys, past_values [L, B, H, p, d], p >= 1 and all real.
        -> query [B, D] at the last real token, keys and values [L, B, H, p + n, d].
        """
        batch, n = items.shape[:2]
        past = past_keys.shape[3]
        masked = torch.zeros(batch, n, dtype=torch.bool, device=items.device)
        x = self.tokens(items, actions, masked, gaps, surfaces)
        at = torch.arange(n, device=x.device)
        cos, sin = (one[None, None] for one in rotation(past + at, self.config.head))
        # Padding lies to the right: the causal mask alone keeps it out of what real tokens see.
        mask = torch.arange(past + n, device=x.device)[None] <= past + at[:, None]
        keys, values = [], []
        for layer, block in enumerate(self.blocks):
            q, k, v = block.projected(x, cos, sin)
            keys.append(torch.cat([past_keys[layer], k], dim=2))
            values.append(torch.cat([past_values[layer], v], dim=2))
            x = block.finished(x, block.attended(q, keys[-1], values[-1], mask))
        last = (lengths - 1)[:, None, None].expand(-1, 1, x.shape[-1])
        said = self.norm(x.gather(1, last)[:, 0])
        return self.queries(said), torch.stack(keys), torch.stack(values)

    def candidates(self, items, gap, surface, keys, values, lengths):
        """items [B, k, D], gap [B], surface [B]; keys, values [L, B, H, P, d] of which lengths [B] are real.

        -> probabilities of the actions [B, k, C].
        """
        batch, k = items.shape[:2]
        no_actions = items.new_zeros(batch, k, self.config.actions)
        masked = torch.ones(batch, k, dtype=torch.bool, device=items.device)
        x = self.tokens(items, no_actions, masked, gap[:, None].expand(-1, k), surface[:, None].expand(-1, k))
        cos, sin = (one[:, None, None] for one in rotation(lengths, self.config.head))
        real = (torch.arange(keys.shape[3], device=x.device) < lengths[:, None])[:, None, None]
        for layer, block in enumerate(self.blocks):
            q, own, value = block.projected(x, cos, sin)
            x = block.finished(x, beside_history(q, own, value, keys[layer], values[layer], real))
        return self.action_logits(self.norm(x)).sigmoid()


def beside_history(q, own, value, keys, values, real) -> torch.Tensor:
    """Attention of each candidate to the history and to itself: one softmax over P + 1 scores.

    q, own, value [B, H, k, d]; keys, values [B, H, P, d]; real bool [B, 1, 1, P]. O(kP), not O(k (P + k)).
    """
    scale = q.shape[-1] ** -0.5
    scores = (q @ keys.transpose(-1, -2) * scale).masked_fill(~real, torch.finfo(q.dtype).min)
    itself = (q * own).sum(-1, keepdim=True) * scale
    weights = torch.cat([scores, itself], dim=-1).softmax(-1)
    return weights[..., :-1] @ values + weights[..., -1:] * value
