"""Writes a `TextTower` as an ONNX graph, node by node: fp32, or int8 with dynamic activations.

Input `input_ids` int32 [N, L], padding 0; output `embedding` float32 [N, dimensions], unit length.

* fp32: weights stored in fp16 and cast, arithmetic in float32.
* int8: products as DynamicQuantizeLinear → MatMulInteger with signed 8-bit weights and a scale per output; the word
  table signed 8-bit with a scale per word. Attention's own products, softmax and normalisations stay in float32.
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

from .onnx_graph import OPSET, Writer
from .text_tower import LAYER_NORM_EPS, PAD, TextTower

MASKED = -10_000.0


def rows_int8(matrix: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """(int8 values, float32 scale along `axis`)."""
    scale = np.maximum(np.abs(matrix).max(1 - axis), 1e-8) / 127
    shaped = scale[:, None] if axis == 0 else scale
    return np.clip(np.rint(matrix / shaped), -127, 127).astype(np.int8), scale.astype(np.float32)


def array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().cpu().float().numpy()


class TextWriter(Writer):
    """`precision`: fp32 or int8."""

    def __init__(self, precision: str):
        super().__init__()
        self.precision = precision
        self.quantised: dict[str, tuple[str, str, str]] = {}

    def number(self, name: str, value, dtype=np.float32) -> str:
        return self.constant(name, np.array(value, dtype))

    def half(self, value: np.ndarray, name: str) -> str:
        return self.add("Cast", [self.constant(f"{name}.half", value.astype(np.float16))], name, to=TensorProto.FLOAT)

    def linear(self, x: str, layer: torch.nn.Linear, name: str) -> str:
        """x [.., I] → [.., O]."""
        weight, bias = array(layer.weight).T, self.constant(f"{name}.bias", array(layer.bias))
        if self.precision == "fp32":
            product = self.add("MatMul", [x, self.half(weight, f"{name}.weight")], f"{name}.product")
            return self.add("Add", [product, bias], name)
        if x not in self.quantised:
            names = tuple(f"{x}.{part}" for part in ("q", "scale", "zero"))
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], list(names), name=f"{x}.quantise"))
            self.quantised[x] = names
        q, scale, zero = self.quantised[x]
        values, factors = rows_int8(weight, 1)
        matrix = self.constant(f"{name}.weight_q", values)
        product = self.add("MatMulInteger", [q, matrix, zero], f"{name}.integers")
        product = self.add("Cast", [product], f"{name}.floats", to=TensorProto.FLOAT)
        factor = self.add("Mul", [scale, self.constant(f"{name}.weight_scale", factors)], f"{name}.factor")
        product = self.add("Mul", [product, factor], f"{name}.product")
        return self.add("Add", [product, bias], name)

    def norm(self, x: str, layer: torch.nn.LayerNorm, name: str) -> str:
        gain, bias = (self.constant(f"{name}.{part}", array(getattr(layer, part))) for part in ("weight", "bias"))
        return self.add("LayerNormalization", [x, gain, bias], name, axis=-1, epsilon=LAYER_NORM_EPS)

    def words(self, tower: TextTower) -> str:
        """ids → rows of the word table [N, L, D]."""
        table = array(tower.words.weight)
        if self.precision == "fp32":
            found = self.add("Gather", [self.constant("words.half", table.astype(np.float16)), "input_ids"], "words.found")
            return self.add("Cast", [found], "words", to=TensorProto.FLOAT)
        values, scale = rows_int8(table, 0)
        found = self.add("Gather", [self.constant("words.q", values), "input_ids"], "words.found")
        floats = self.add("Cast", [found], "words.floats", to=TensorProto.FLOAT)
        factor = self.add("Gather", [self.constant("words.scale", scale[:, None]), "input_ids"], "words.factor")
        return self.add("Mul", [floats, factor], "words")


def text_model(tower: TextTower, precision: str, description: str) -> onnx.ModelProto:
    writer = TextWriter(precision)
    pad = writer.number("pad", PAD, np.int32)
    padding = writer.add("Equal", ["input_ids", pad], "padding")
    present = writer.add("Cast", [writer.add("Not", [padding], "present.bool")], "present", to=TensorProto.FLOAT)
    axes = writer.constant("mask.axes", np.array([1, 2], np.int64))
    away = writer.add("Cast", [padding], "padding.float", to=TensorProto.FLOAT)
    away = writer.add("Mul", [away, writer.number("masked", MASKED)], "padding.masked")
    mask = writer.add("Unsqueeze", [away, axes], "mask")  # [N, 1, 1, L]

    length = writer.add("Shape", ["input_ids"], "length", start=1, end=2)
    zero, one = (writer.constant(f"{name}.index", np.array([value], np.int64)) for name, value in (("zero", 0), ("one", 1)))
    table = writer.half(array(tower.positions.weight), "positions.table")
    positions = writer.add("Slice", [table, zero, length, zero, one], "positions")
    x = writer.norm(writer.add("Add", [writer.words(tower), positions], "input"), tower.norm, "input.norm")

    for index, layer in enumerate(tower.layers):
        x = attention_layer(writer, layer, x, mask, f"layers.{index}")

    last = writer.constant("last.axis", np.array([2], np.int64))
    weight = writer.add("Unsqueeze", [present, last], "mean.weight")
    total = writer.add("ReduceSum", [writer.add("Mul", [x, weight], "mean.tokens"), one], "mean.sum", keepdims=0)
    count = writer.add("ReduceSum", [weight, one], "mean.count", keepdims=0)
    x = writer.linear(writer.add("Div", [total, count], "mean"), tower.linear, "linear")
    norm = writer.add("ReduceL2", [x], "norm", axes=[-1], keepdims=1)
    norm = writer.add("Clip", [norm, writer.number("norm.smallest", 1e-12)], "norm.safe")
    writer.add("Div", [x, norm], "embedding")

    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT32, ["N", "L"])
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", tower.linear.out_features])
    graph = helper.make_graph(writer.nodes, "text", [ids], [output], writer.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="corkboard")
    model.ir_version, model.doc_string = 8, description
    onnx.checker.check_model(model, full_check=True)
    return model


def attention_layer(writer: TextWriter, layer, x: str, mask: str, name: str) -> str:
    width = layer.query.in_features
    depth = width // layer.heads
    split = writer.constant("split", np.array([0, 0, layer.heads, depth], np.int64))
    joined = writer.constant("joined", np.array([0, 0, width], np.int64))

    def heads(part: str, perm: list[int]) -> str:
        y = writer.linear(x, getattr(layer, part), f"{name}.{part}")
        y = writer.add("Reshape", [y, split], f"{name}.{part}.split")
        return writer.add("Transpose", [y], f"{name}.{part}.heads", perm=perm)

    scores = writer.add("MatMul", [heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1])], f"{name}.scores")
    scores = writer.add("Mul", [scores, writer.number("attention.scale", depth**-0.5)], f"{name}.scaled")
    scores = writer.add("Softmax", [writer.add("Add", [scores, mask], f"{name}.masked")], f"{name}.softmax", axis=-1)
    y = writer.add("MatMul", [scores, heads("value", [0, 2, 1, 3])], f"{name}.mixed")
    y = writer.add("Transpose", [y], f"{name}.mixed.tokens", perm=[0, 2, 1, 3])
    y = writer.linear(writer.add("Reshape", [y, joined], f"{name}.joined"), layer.out, f"{name}.out")
    x = writer.norm(writer.add("Add", [x, y], f"{name}.attended"), layer.attention_norm, f"{name}.attention_norm")
    y = gelu(writer, writer.linear(x, layer.up, f"{name}.up"), f"{name}.gelu")
    y = writer.linear(y, layer.down, f"{name}.down")
    return writer.norm(writer.add("Add", [x, y], f"{name}.sum"), layer.norm, f"{name}.norm")


def gelu(writer: TextWriter, x: str, name: str) -> str:
    """x · (1 + erf(x / √2)) / 2."""
    y = writer.add("Div", [x, writer.number("gelu.root", 2**0.5)], f"{name}.root")
    y = writer.add("Add", [writer.add("Erf", [y], f"{name}.erf"), writer.number("gelu.one", 1.0)], f"{name}.one")
    y = writer.add("Mul", [x, y], f"{name}.double")
    return writer.add("Mul", [y, writer.number("gelu.half", 0.5)], name)


