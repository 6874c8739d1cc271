"""Writes UniPinRec as ONNX graphs, node by node: `item`, `history` and `candidates` of a deployment, `full` for benches.

What a graph computes is said at the same method of network.py. History tokens are right-padded; keys and values of a
past come first. `full` is history and candidates in one: what ranking costs where nothing is shared.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import onnx
from onnx import TensorProto

from network import UniPinRec
from onnx_attention import Attention
from onnx_history import History
from onnx_writer import Form, GraphWriter, array

Attend = Callable[[int, str, str, str], str]


class Graphs:
    """positions: the most tokens, START included, that a history may have."""

    def __init__(self, model: UniPinRec, precision: str, form: Form, positions: int, description: str = ""):
        if precision == "fp16" and positions > 2048:
            raise ValueError(f"fp16 counts to 2048, not to {positions} positions")
        self.model, self.config, self.positions, self.description = model, model.config, positions, description
        self.precision, self.form = precision, form

    def writer(self) -> GraphWriter:
        return GraphWriter(self.precision, self.form)

    def item(self) -> onnx.ModelProto:
        """Never int8: it runs once for an item, and everything hangs on its vectors."""
        writer, tower = GraphWriter(self.precision, replace(self.form, int8=False)), self.model.item
        hidden = writer.linear(writer.gelu_of("content", tower.hidden, "hidden"), tower.out, "out")
        skip = writer.product("content", array(tower.skip.weight).T, "skip")
        writer.unit(writer.add("Add", [skip, hidden], "sum"), "item")
        inputs = [writer.tensor("content", ["N", self.config.content])]
        return writer.finished("item", inputs, [writer.tensor("item", ["N", self.config.dimensions])], self.description)

    def _token_weights(self, writer: GraphWriter, masked: bool) -> tuple[str, np.ndarray, np.ndarray]:
        """Projector, action and surface layers multiplied out: the table of surfaces with all biases [S, W], and the
        weights of items [D, W] and actions [C + 1, W], the last of them the gap's."""
        model, items = self.model, self.config.dimensions
        token, action, gap = (array(layer.weight) for layer in (model.token, model.action, model.gap))
        said = token[:, items:]
        constant = said @ (array(model.action.bias) + (action[:, -1] if masked else 0))
        constant = constant + array(model.token.bias) + array(model.gap.bias)
        name = "surfaces.candidates" if masked else "surfaces.history"
        table = writer.floats(name, array(model.surface.weight) + constant)
        return table, token[:, :items].T, np.concatenate([said @ action[:, :-1], gap], 1).T

    def history_tokens(self, writer: GraphWriter) -> str:
        table, items, actions = self._token_weights(writer, masked=False)
        gaps = writer.add("Unsqueeze", ["gaps", writer.integers("last", -1)], "gaps.column")
        done = writer.product(writer.add("Concat", ["actions", gaps], "done", axis=-1), actions, "done")
        where = writer.add("Gather", [table, "surfaces"], "where")
        tokens = writer.add("Add", [writer.product("items", items, "items"), done], "items.done")
        return writer.add("Add", [tokens, where], "tokens")

    def candidate_tokens(self, writer: GraphWriter, items: str) -> str:
        table, weights, actions = self._token_weights(writer, masked=True)
        last = writer.integers("last", -1)
        gap = writer.add("Unsqueeze", ["gap", last], "gap.column")
        gap = writer.add("Mul", [gap, writer.floats("gap.weight", actions[-1])], "gap.token")
        shared = writer.add("Add", [gap, writer.add("Gather", [table, "surface"], "surface.token")], "shared")
        shared = writer.add("Unsqueeze", [shared, writer.integers("one", 1)], "shared.row")
        return writer.add("Add", [writer.product(items, weights, "ranked"), shared], "ranked.tokens")

    def layers(self, writer: GraphWriter, attention: Attention, x: str, positions: str, attend: Attend) -> str:
        """Tokens [B, T, W] through all layers and the last norm."""
        blocks = self.model.blocks
        after = writer.norm(x, blocks[0].attention_norm, "layers.0.norm")
        for layer, block in enumerate(blocks):
            name = f"layers.{layer}"
            found = attend(layer, *attention.projected(after, block, positions, name))
            x, after = writer.added(x, found, block.out, block.feed_norm, f"{name}.out", f"{name}.feed_norm")
            hidden = writer.gelu_of(after, block.up, f"{name}.up")
            last = layer + 1 == len(blocks)
            norm = self.model.norm if last else blocks[layer + 1].attention_norm
            x, after = writer.added(x, hidden, block.down, norm, f"{name}.down", f"layers.{layer + 1}.norm")
        return after

    def history(self, caches: bool = True) -> onnx.ModelProto:
        """Without caches: only the query, as a model that does nothing but retrieve."""
        writer, config = self.writer(), self.config
        attention = Attention(writer, config, self.positions)
        start, new = writer.length("past_keys", 3, "past.count"), writer.length("items", 1, "new.count")
        total = writer.add("Add", [start, new], "total.count")
        own = writer.shaped(writer.add("Slice", [attention.order, start, total], "own.order"), "own.limit", 1, 1, -1, 1)
        bias = attention.visible(own, total, "causal")
        positions = start if self.form.attention else self._positions(writer, start, total)
        present: dict[str, list[str]] = {"keys": [], "values": []}

        def attend(layer: int, q: str, k: str, v: str) -> str:
            past = attention.of_layer(["past_keys", "past_values"], layer)
            found, keys, values = attention.to_itself(q, k, v, bias, past, f"layers.{layer}")
            for x, kind in ((keys, "keys"), (values, "values")) if caches else ():
                one = writer.add("Unsqueeze", [x, writer.integers("zero", 0)], f"layers.{layer}.{kind}.present")
                present[kind].append(one)
            return found

        said = self.layers(writer, attention, self.history_tokens(writer), positions, attend)
        for kind, parts in present.items() if caches else ():
            writer.add("Concat", parts, kind, axis=0)
        writer.unit(writer.linear(self._last(writer, said, new), self.model.query, "query.linear"), "query")
        kv = [config.layers, "B", config.heads]
        past = [writer.tensor(f"past_{kind}", [*kv, "p", config.head]) for kind in present]
        outputs = [writer.tensor("query", ["B", config.dimensions])]
        outputs += [writer.tensor(kind, [*kv, "P", config.head]) for kind in present if caches]
        return writer.finished("history", [*self.history_inputs(writer), *past], outputs, self.description)

    def _positions(self, writer: GraphWriter, start: str, end: str) -> str:
        """Positions start .. end - 1 as int64 [1, T]."""
        scalars = [writer.add("Squeeze", [x], f"{x}.scalar") for x in (start, end)]
        step = writer.constant("step", np.array(1, np.int64))
        positions = writer.add("Range", [*scalars, step], "own.positions")
        return writer.add("Unsqueeze", [positions, writer.integers("zero", 0)], "positions")

    def _last(self, writer: GraphWriter, said: str, new: str) -> str:
        """Each row's last real token [B, W] of [B, n, W]: looked up among all tokens."""
        batch = writer.add("Squeeze", [writer.length("items", 0, "batch.count")], "batch.scalar")
        zero, step = (writer.constant(name, np.array(value, np.int64)) for name, value in (("none", 0), ("step", 1)))
        rows = writer.add("Mul", [writer.add("Range", [zero, batch, step], "rows"), new], "rows.first")
        index = writer.add("Add", [rows, writer.add("Sub", ["lengths", step], "lengths.last")], "last.index")
        return writer.add("Gather", [writer.shaped(said, "said.flat", -1, self.config.width), index], "last.said", axis=0)

    def candidates(self) -> onnx.ModelProto:
        writer, config = self.writer(), self.config
        attention = Attention(writer, config, self.positions + 1)
        batch, k = writer.length("items", 0, "batch.count"), writer.length("items", 1, "k.count")
        count = writer.length("keys", 3, "count")
        one = writer.integers("one", 1)
        column = writer.add("Unsqueeze", ["lengths", one], "lengths.column")
        limit = writer.add("Cast", [writer.add("Sub", [column, one], "lengths.last")], "limit", to=writer.type)
        real = attention.visible(limit, count, "real")
        positions = column
        if self.form.attention:
            positions = writer.add("Expand", [column, writer.add("Concat", [batch, k], "rows", axis=0)], "positions")
        history = History(writer, config, config.layers, real, batch, count, k)
        caches = history.met("keys", "values", "past")

        def attend(layer: int, q: str, own: str, v: str) -> str:
            met = attention.of_layer(caches, layer)
            return attention.to_history(q, own, v, met, history, f"layers.{layer}")

        said = self.layers(writer, attention, self.candidate_tokens(writer, "items"), positions, attend)
        self.probabilities(writer, said)
        kv = [config.layers, "B", config.heads, "P", config.head]
        inputs = [
            writer.tensor("items", ["B", "k", config.dimensions]),
            *self.moment(writer),
            writer.tensor("keys", kv),
            writer.tensor("values", kv),
            writer.tensor("lengths", ["B"], TensorProto.INT64),
        ]
        return writer.finished("candidates", inputs, [self.answer(writer)], self.description)

    def history_inputs(self, writer: GraphWriter) -> list:
        return [
            writer.tensor("items", ["B", "n", self.config.dimensions]),
            writer.tensor("actions", ["B", "n", self.config.actions]),
            writer.tensor("gaps", ["B", "n"]),
            writer.tensor("surfaces", ["B", "n"], TensorProto.INT64),
            writer.tensor("lengths", ["B"], TensorProto.INT64),
        ]

    def moment(self, writer: GraphWriter) -> list:
        return [writer.tensor("gap", ["B"]), writer.tensor("surface", ["B"], TensorProto.INT64)]

    def answer(self, writer: GraphWriter):
        return writer.tensor("probabilities", ["B", "k", self.config.actions])

    def probabilities(self, writer: GraphWriter, said: str) -> None:
        hidden, out = self.model.predict[0], self.model.predict[2]
        logits = writer.linear(writer.gelu_of(said, hidden, "predict.hidden"), out, "predict.out")
        writer.add("Sigmoid", [logits], "probabilities")
