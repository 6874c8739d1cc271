"""UniPinRec's two attentions in ONNX: of the history to itself (causal), and of candidates to the history and themselves.

The fused form of the second is one MultiHeadAttention over P + 1 keys, though a candidate's own key is another one for
each query: heads get extra components. Queries are [q, q·k, 1], keys of the history [K, 0, m] with m = 0 where real and
very negative where padding, and one key more is [0, 1, 0]: its score is the candidate's own. Values are [V, 0, 0], and
of that key [0, 1, 0]: one component of the answer is the weight of the candidate's own value.
"""

import numpy as np
import torch

from network import Block, Config, rotation
from onnx_history import EXTRA, History, of_layer
from onnx_writer import FUSED, MASKED, GraphWriter, array


class Attention:
    """Writes the attention of one graph. The scale of scores is in the weights of queries."""

    def __init__(self, writer: GraphWriter, config: Config, positions: int):
        self.writer, self.heads, self.head = writer, config.heads, config.head
        self.width, self.fused = config.width, writer.form.attention
        cos, sin = (one.numpy() for one in rotation(torch.arange(positions), config.head))
        if not self.fused:
            cos, sin = (np.concatenate(halves, 1)[:, None] for halves in ((cos, cos), (-sin, sin)))
        self.cos, self.sin = writer.floats("rotary.cos", cos), writer.floats("rotary.sin", sin)
        self.order = writer.floats("order", np.arange(positions))

    def projected(self, x: str, block: Block, positions: str, name: str) -> tuple[str, str, str]:
        """x [B, T, W], positions int64 [B, T] or [B, 1] (fused: [B, T] or the first of all, [1]).

        -> queries and keys, turned, and values: [B, T, H, d]; fused: [B, T, W].
        """
        writer, width = self.writer, self.width
        scale = np.ones(3 * width, np.float32)
        scale[:width] = self.head**-0.5
        qkv = writer.biased(x, array(block.qkv.weight).T * scale, array(block.qkv.bias) * scale, f"{name}.qkv")
        both, v = writer.split(qkv, (2 * width, width), [f"{name}.qk", f"{name}.v"])
        if self.fused:
            inputs = [both, positions, self.cos, self.sin]
            turned = writer.add("RotaryEmbedding", inputs, f"{name}.turned", domain=FUSED, num_heads=2 * self.heads)
            q, k = writer.split(turned, (width, width), [f"{name}.q", f"{name}.k"])
            return q, k, v
        both = writer.shaped(both, f"{name}.heads", 0, 0, 2 * self.heads, self.head)
        first, second = writer.split(both, (self.head // 2,) * 2, [f"{name}.first", f"{name}.second"])
        swapped = writer.add("Concat", [second, first], f"{name}.swapped", axis=-1)
        cos, sin = self._turn(positions)
        cosine = writer.add("Mul", [both, cos], f"{name}.by_cos")
        turned = writer.add("Add", [cosine, writer.add("Mul", [swapped, sin], f"{name}.by_sin")], f"{name}.turned")
        q, k = writer.split(turned, (self.heads, self.heads), [f"{name}.q", f"{name}.k"], axis=2)
        return q, k, self.by_head(v, f"{name}.v.heads")

    def _turn(self, positions: str) -> list[str]:
        """cos and sin [.., 1, d] at int64 positions [..], looked up once."""
        return [self._once("Gather", [table, positions], f"{positions}.{table}") for table in (self.cos, self.sin)]

    def _once(self, kind: str, inputs: list[str], name: str, **attributes) -> str:
        if any(name in node.output for node in self.writer.nodes):
            return name
        return self.writer.add(kind, inputs, name, **attributes)

    def of_layer(self, caches: list[str], layer: int) -> list[str]:
        """One layer's keys and values of those of all."""
        return [of_layer(self.writer, cache, layer) for cache in caches]

    def by_head(self, x: str, name: str) -> str:
        """[B, T, W] -> [B, T, H, d]."""
        return self.writer.shaped(x, name, 0, 0, self.heads, self.head)

    def _heads_first(self, x: str, name: str) -> str:
        return self.writer.add("Transpose", [x], name, perm=[0, 2, 1, 3])

    def visible(self, limit: str, count: str, name: str) -> str:
        """limit [.., 1], the last position that is seen, count int64 [1] -> 0 where seen, else MASKED: [.., count]."""
        writer = self.writer
        zero = writer.integers("zero", 0)
        order = writer.add("Slice", [self.order, zero, count], f"{name}.order")
        return self.masked(writer.add("Sub", [limit, order], f"{name}.past"), name)

    def masked(self, x: str, name: str) -> str:
        """MASKED where whole numbers x are negative, else 0."""
        writer = self.writer
        low, high = writer.floats("masked.low", -1), writer.floats("masked.high", 0)
        x = writer.add("Clip", [x, low, high], f"{name}.clipped")
        return writer.add("Mul", [x, writer.floats("masked", -MASKED)], name)

    def to_itself(self, q: str, k: str, v: str, bias: str, past: list[str], name: str) -> tuple[str, str, str]:
        """What tokens find [B, T, W] in the past and each other, as `bias` [.., T, p + T] lets them, and the keys and
        values of both [B, H, p + T, d]."""
        writer = self.writer
        if self.fused:
            inputs, outputs = [q, k, v, "", "", bias, *past], [f"{name}.found", f"{name}.keys", f"{name}.values"]
            writer.node("MultiHeadAttention", inputs, outputs, domain=FUSED, num_heads=self.heads, scale=1.0)
            return tuple(outputs)
        keys, values = (
            writer.add("Concat", [old, self._heads_first(new, f"{name}.new_{kind}")], f"{name}.{kind}", axis=2)
            for old, new, kind in zip(past, (k, v), ("keys", "values"))
        )
        q = self._heads_first(q, f"{name}.q.first")
        scores = writer.add("MatMul", [q, self._columns(keys, name)], f"{name}.scores")
        scores = writer.add("Softmax", [writer.add("Add", [scores, bias], f"{name}.seen")], f"{name}.weights", axis=-1)
        return self._joined(writer.add("MatMul", [scores, values], f"{name}.mixed"), name), keys, values

    def _columns(self, keys: str, name: str) -> str:
        return self.writer.add("Transpose", [keys], f"{name}.columns", perm=[0, 1, 3, 2])

    def _joined(self, x: str, name: str) -> str:
        """[B, H, T, d] -> [B, T, W]."""
        return self.writer.shaped(self._heads_first(x, f"{name}.tokens"), f"{name}.found", 0, 0, self.width)

    def to_history(self, q: str, own: str, v: str, met: list[str], history: History, name: str) -> str:
        """What candidates find [B, k, W] in the history, as `history` says that they meet it, and themselves."""
        return (self._to_history_fused if self.fused else self._to_history)(q, own, v, met, history, name)

    def _itself(self, q: str, own: str, name: str) -> str:
        """Scores of candidates' own keys: [B, k, H, d] twice -> [B, k, H, 1]."""
        product = self.writer.add("Mul", [q, own], f"{name}.by_own")
        return self.writer.add("ReduceSum", [product, self.writer.integers("last", -1)], f"{name}.itself", keepdims=1)

    def _to_history(self, q: str, own: str, v: str, met: list[str], history: History, name: str) -> str:
        writer = self.writer
        keys, values = met
        itself = self._heads_first(self._itself(q, own, name), f"{name}.itself.first")
        scores = writer.add("MatMul", [self._heads_first(q, f"{name}.q.first"), self._columns(keys, name)], f"{name}.scores")
        scores = writer.add("Add", [scores, history.bias], f"{name}.seen")
        weights = writer.add("Concat", [scores, itself], f"{name}.all", axis=-1)
        weights = writer.add("Softmax", [weights], f"{name}.weights", axis=-1)
        start, end, last = writer.integers("zero", 0), writer.integers("end", 2**31 - 1), writer.integers("last", -1)
        past = writer.add("Slice", [weights, start, last, last], f"{name}.weights.past")
        mine = writer.add("Slice", [weights, last, end, last], f"{name}.weights.own")
        found = writer.add("MatMul", [past, values], f"{name}.mixed")
        mine = writer.add("Mul", [mine, self._heads_first(v, f"{name}.v.first")], f"{name}.own")
        return self._joined(writer.add("Add", [found, mine], f"{name}.both"), name)

    def _to_history_fused(self, q: str, own: str, v: str, met: list[str], history: History, name: str) -> str:
        writer, head = self.writer, self.head
        keys, values = met
        q, own, v = (self.by_head(x, f"{x}.heads") for x in (q, own, v))
        q = writer.add("Concat", [q, self._itself(q, own, name), history.tail], f"{name}.q.long", axis=-1)
        q = writer.shaped(q, f"{name}.q.flat", 0, 0, self.heads * (head + EXTRA))
        attributes = {"num_heads": self.heads, "scale": 1.0}
        found = writer.add("MultiHeadAttention", [q, keys, values], f"{name}.long", domain=FUSED, **attributes)
        found = writer.shaped(found, f"{name}.long.heads", 0, 0, self.heads, head + EXTRA)
        names = [f"{name}.past", f"{name}.own.weight", f"{name}.rest"]
        past, weight, _ = writer.split(found, (head, 1, EXTRA - 1), names)
        mine = writer.add("Mul", [weight, v], f"{name}.own")
        both = writer.add("Add", [past, mine], f"{name}.both")
        return writer.shaped(both, f"{name}.found", 0, 0, self.width)
