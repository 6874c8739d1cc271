"""History and candidates in one graph, `full`: what ranking costs where no keys and values are shared. For benches.

`split`: history tokens attend to the history, candidates to the history and themselves, O(n² + nk).
`dense`: one attention with a mask over all, O((n + k)²), as in training.
"""

import numpy as np
import onnx

from onnx_attention import Attention
from onnx_graphs import Graphs
from onnx_history import History
from onnx_writer import array

KINDS = ("split", "dense")
PLACES = 2048  # rows of tables: tokens of history and candidates together


class Full:
    """items, actions, gaps, surfaces, lengths [B] as of `history`; candidates [B, k, D], gap, surface -> probabilities."""

    def __init__(self, graphs: Graphs):
        self.graphs, self.config, self.writer = graphs, graphs.config, graphs.writer()
        writer = self.writer
        self.attention = Attention(writer, self.config, PLACES)
        self.batch, self.n = writer.length("items", 0, "batch.count"), writer.length("items", 1, "n.count")
        self.k, self.one = writer.length("candidates", 1, "k.count"), writer.integers("one", 1)
        self.past = writer.add("Add", [self.n, self.one], "past.count")
        self.lengths = writer.add("Unsqueeze", ["lengths", self.one], "lengths.column")
        self.limit = writer.add("Cast", [self.lengths], "limit", to=writer.type)
        order = writer.add("Slice", [self.attention.order, self.one, self.past], "own.order")
        self.own_limit = writer.shaped(order, "own.limit", 1, 1, -1, 1)

    def graph(self, kind: str) -> onnx.ModelProto:
        graphs, writer = self.graphs, self.writer
        attend = self._dense() if kind == "dense" else self._split()
        tokens = [graphs.history_tokens(writer), graphs.candidate_tokens(writer, "candidates")]
        tokens = writer.add("Concat", tokens, "all.tokens", axis=1)
        said = graphs.layers(writer, self.attention, tokens, self._positions(), attend)
        end = writer.integers("end", 2**31 - 1)
        graphs.probabilities(writer, writer.add("Slice", [said, self.n, end, self.one], "candidates.said"))
        inputs = [
            *graphs.history_inputs(writer),
            writer.tensor("candidates", ["B", "k", self.config.dimensions]),
            *graphs.moment(writer),
        ]
        return writer.finished("full", inputs, [graphs.answer(writer)], graphs.description)

    def _rows(self, x: str, count: str, name: str) -> str:
        """int64 [1, count] or [B, 1] -> [B, count]."""
        return self.writer.add("Expand", [x, self.writer.add("Concat", [self.batch, count], f"{name}.rows", axis=0)], name)

    def _positions(self) -> str:
        """1 .. n for the history, one place after its length for candidates: int64 [B, n + k]."""
        writer = self.writer
        table = writer.constant("places", np.arange(PLACES, dtype=np.int64)[None])
        own = writer.add("Slice", [table, self.one, self.past, self.one], "own.positions")
        after = writer.add("Add", [self.lengths, self.one], "after")
        parts = [self._rows(own, self.n, "own.positions.all"), self._rows(after, self.k, "after.all")]
        return writer.add("Concat", parts, "positions", axis=1)

    def _start(self) -> list[str]:
        """Keys and values of START, [L, B, H, 1, d]."""
        writer, config = self.writer, self.config
        layers, heads = writer.integers("layers", config.layers), writer.integers("heads", config.heads)
        shape = writer.add("Concat", [layers, self.batch, heads, self.one, self.one], "start.shape", axis=0)
        cache = zip(("keys", "values"), map(array, self.graphs.model.start_cache()))
        return [writer.add("Expand", [writer.floats(f"start.{kind}", x), shape], f"start.{kind}.all") for kind, x in cache]

    def _split(self):
        writer, attention = self.writer, self.attention
        real = attention.visible(self.limit, self.past, "real")
        history = History(writer, self.config, 1, real, self.batch, self.past, self.k)
        bias = attention.visible(self.own_limit, self.past, "causal")
        start = self._start()
        counts = writer.add("Concat", [self.n, self.k], "counts", axis=0)
        zero = writer.integers("zero", 0)

        def attend(layer: int, *qkv: str) -> str:
            name = f"layers.{layer}"
            parts = [writer.split(x, counts, [f"{x}.history", f"{x}.candidates"], axis=1) for x in qkv]
            past = attention.of_layer(start, layer)
            found, *present = attention.to_itself(*(part[0] for part in parts), bias, past, f"{name}.history")
            whole = (writer.add("Unsqueeze", [x, zero], f"{x}.whole") for x in present)
            met = [writer.add("Squeeze", [x, zero], f"{x}.met") for x in history.met(*whole, name)]
            ranked = attention.to_history(*(part[1] for part in parts), met, history, f"{name}.candidates")
            return writer.add("Concat", [found, ranked], f"{name}.all", axis=1)

        return attend

    def _dense(self):
        writer, attention = self.writer, self.attention
        start, total = self._start(), writer.add("Add", [self.n, self.k], "total.count")
        # Of history tokens and START: what a token's place lets it see; candidates see as far as the history is real.
        ranked = writer.add("Unsqueeze", [self.limit, writer.integers("axes.limit", 2, 3)], "limit.columns")
        limits = []
        for x, count, name in ((self.own_limit, self.n, "own"), (ranked, self.k, "ranked")):
            shape = writer.add("Concat", [self.batch, self.one, count, self.one], f"{name}.limit.shape", axis=0)
            limits.append(writer.add("Expand", [x, shape], f"{name}.limit.all"))
        left = attention.visible(writer.add("Concat", limits, "limits", axis=2), self.past, "left")
        # Of candidates: itself alone.
        zero = writer.integers("zero", 0)
        rows = writer.shaped(writer.add("Slice", [attention.order, zero, total], "row.order"), "row.places", 1, 1, -1, 1)
        columns = writer.add("Slice", [attention.order, self.n, total], "column.places")
        apart = writer.add("Abs", [writer.add("Sub", [rows, columns], "apart")], "apart.far")
        right = attention.masked(writer.add("Neg", [apart], "apart.negative"), "right")
        shape = writer.add("Concat", [self.batch, self.one, total, self.k], "right.shape", axis=0)
        bias = writer.add("Concat", [left, writer.add("Expand", [right, shape], "right.all")], "bias", axis=3)

        def attend(layer: int, *qkv: str) -> str:
            return attention.to_itself(*qkv, bias, attention.of_layer(start, layer), f"layers.{layer}")[0]

        return attend
