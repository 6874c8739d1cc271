"""How candidates meet keys and values of a history in a graph (onnx_attention.py)."""

import numpy as np

from network import Config
from onnx_writer import GraphWriter

EXTRA = 8  # components more of a head in the fused form; flash attention takes heads that 8 divides


class History:
    """`bias` [B, 1, 1, P]: 0 where real, very negative where padding. Fused: `tail` [B, k, H, EXTRA - 1] are the
    components of queries after their own score."""

    def __init__(self, writer: GraphWriter, config: Config, layers: int, real: str, batch: str, count: str, k: str):
        """For keys and values [L, B, H, P, d]; real [B, P] of 0 or very negative; batch, count (P) and k int64 [1]."""
        self.writer, self.fused = writer, writer.form.attention
        if not self.fused:
            self.bias = writer.add("Unsqueeze", [real, writer.integers("axes.heads", 1, 2)], "past.bias")
            return
        layer_count, heads = writer.integers("layers", layers), writer.integers("heads", config.heads)
        one, extra, rest = writer.integers("one", 1), writer.integers("extra", EXTRA), writer.integers("rest", EXTRA - 1)
        wide = writer.add("Concat", [layer_count, batch, heads, count, extra], "past.wide", axis=0)
        single = writer.add("Concat", [layer_count, batch, heads, one, one], "past.single", axis=0)
        deep = writer.add("Concat", [batch, k, heads, rest], "past.deep", axis=0)
        unit = np.eye(config.head + EXTRA)[config.head]
        self.own = writer.add("Expand", [writer.floats("own.unit", unit), single], "past.own")
        real = writer.add("Unsqueeze", [real, writer.integers("axes.all", 0, 2, 4)], "past.real")
        marks = writer.add("Mul", [real, writer.floats("mark.unit", np.eye(EXTRA)[1])], "past.mark")
        self.marks = writer.add("Expand", [marks, wide], "past.marks")
        self.nothing = writer.add("Expand", [writer.floats("nothing.one", np.zeros(1)), wide], "past.nothing")
        self.tail = writer.add("Expand", [writer.floats("tail.unit", np.eye(EXTRA - 1)[0]), deep], "past.tail")

    def met(self, keys: str, values: str, name: str) -> list[str]:
        """Keys and values [L, B, H, P, d]; fused: [L, B, H, P + 1, d + EXTRA]."""
        if not self.fused:
            return [keys, values]
        return [self._long(keys, self.marks, f"{name}.keys"), self._long(values, self.nothing, f"{name}.values")]

    def _long(self, x: str, more: str, name: str) -> str:
        x = self.writer.add("Concat", [x, more], f"{name}.wide", axis=-1)
        return self.writer.add("Concat", [x, self.own], f"{name}.long", axis=3)


def of_layer(writer: GraphWriter, x: str, layer: int) -> str:
    """One layer of [L, ...]."""
    index = writer.constant(f"layer.{layer}", np.array(layer, np.int64))
    return writer.add("Gather", [x, index], f"{x}.{layer}", axis=0)
