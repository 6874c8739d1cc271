"""Parts of UniPinRec's ONNX graphs: linear layers, norms, GELU, in fp32 or fp16, of stock or of fused operators.

Fused operators are ONNX Runtime's own (domain com.microsoft); its CPU, CUDA and WebGPU providers have them all.
"""

from dataclasses import dataclass

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

from training.onnx_graph import FLOAT_TYPES, OPSET, Writer

FUSED = "com.microsoft"
LAYER_NORM_EPS = 1e-5
MASKED = -10_000.0  # of a score: nothing is left of it after softmax, and fp16 holds it
NORM_FLOOR = {"fp32": 1e-12, "fp16": 1e-6}


@dataclass(frozen=True)
class Form:
    """Which operators a graph is made of.

    attention: MultiHeadAttention and RotaryEmbedding, or MatMul, Softmax and the like.
    layers: SkipLayerNormalization and BiasGelu, or LayerNormalization, Erf and the like.
    int8: weights of matrices in 8 bits, a scale for every BLOCK of inputs of an output (MatMulNBits); activations
        stay as they are. The WebGPU provider has matrix-unit kernels for these, and none for fp16 weights.
    """

    attention: bool = False
    layers: bool = False
    int8: bool = False


FORMS = {
    "stock": Form(),
    "attention": Form(attention=True),
    "all": Form(attention=True, layers=True),
    "int8": Form(attention=True, layers=True, int8=True),
}
BLOCK = 32


def array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().cpu().float().numpy()


def blocks_int8(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[I, O] -> values [O, I / BLOCK, BLOCK] uint8 around 128, and scales [O, I / BLOCK]."""
    blocks = weight.T.reshape(weight.shape[1], -1, BLOCK)
    scales = np.maximum(np.abs(blocks).max(2), 1e-6) / 127
    return (np.clip(np.rint(blocks / scales[..., None]), -127, 127) + 128).astype(np.uint8), scales


class GraphWriter(Writer):
    def __init__(self, precision: str, form: Form):
        super().__init__()
        self.precision, self.form = precision, form
        self.number = FLOAT_TYPES[precision]
        self.type = TensorProto.FLOAT if precision == "fp32" else TensorProto.FLOAT16

    def floats(self, name: str, value) -> str:
        with np.errstate(over="ignore"):
            numbers = np.array(value, self.number)
        if not np.isfinite(numbers).all():
            raise ValueError(f"{name} has values that {self.precision} does not hold")
        return self.constant(name, numbers)

    def integers(self, name: str, *values: int) -> str:
        return self.constant(name, np.array(values, np.int64))

    def node(self, kind: str, inputs: list[str], outputs: list[str], **attributes) -> list[str]:
        """A node of several outputs."""
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], **attributes))
        return outputs

    def shaped(self, x: str, name: str, *shape: int) -> str:
        """Reshape; 0 keeps a dimension."""
        return self.add("Reshape", [x, self.integers("shape." + ".".join(map(str, shape)), *shape)], name)

    def split(self, x: str, sizes: tuple[int, ...] | str, names: list[str], axis: int = -1) -> list[str]:
        """`sizes`, or the name of a tensor of them."""
        given = self.integers("sizes." + ".".join(map(str, sizes)), *sizes) if isinstance(sizes, tuple) else sizes
        return self.node("Split", [x, given], names, axis=axis)

    def length(self, x: str, axis: int, name: str) -> str:
        """One dimension of x, int64 [1]."""
        return self.add("Shape", [x], name, start=axis, end=axis + 1)

    def product(self, x: str, weight: np.ndarray, name: str) -> str:
        """x [.., I] times weight [I, O]."""
        inputs, outputs = weight.shape
        if self.form.int8 and inputs % BLOCK == 0 and outputs % BLOCK == 0:
            values, scales = blocks_int8(weight)
            names = [x, self.constant(f"{name}.int8", values), self.floats(f"{name}.scales", scales)]
            attributes = {"K": inputs, "N": outputs, "bits": 8, "block_size": BLOCK}
            return self.add("MatMulNBits", names, f"{name}.product", domain=FUSED, **attributes)
        return self.add("MatMul", [x, self.floats(f"{name}.weight", weight)], f"{name}.product")

    def biased(self, x: str, weight: np.ndarray, bias: np.ndarray, name: str) -> str:
        return self.add("Add", [self.product(x, weight, name), self.floats(f"{name}.bias", bias)], name)

    def linear(self, x: str, layer: torch.nn.Linear, name: str) -> str:
        return self.biased(x, array(layer.weight).T, array(layer.bias), name)

    def gelu_of(self, x: str, layer: torch.nn.Linear, name: str) -> str:
        """GELU of a linear layer: x (1 + erf(x / √2)) / 2."""
        if self.form.layers:
            inputs = [self.product(x, array(layer.weight).T, name), self.floats(f"{name}.bias", array(layer.bias))]
            return self.add("BiasGelu", inputs, f"{name}.gelu", domain=FUSED)
        x = self.linear(x, layer, name)
        y = self.add("Erf", [self.add("Div", [x, self.floats("gelu.root", 2**0.5)], f"{name}.root")], f"{name}.erf")
        y = self.add("Mul", [x, self.add("Add", [y, self.floats("gelu.one", 1)], f"{name}.one")], f"{name}.double")
        return self.add("Mul", [y, self.floats("gelu.half", 0.5)], f"{name}.gelu")

    def norm(self, x: str, layer: torch.nn.LayerNorm, name: str) -> str:
        return self.add("LayerNormalization", [x, *self._affine(layer, name)], name, axis=-1, epsilon=LAYER_NORM_EPS)

    def _affine(self, layer: torch.nn.LayerNorm, name: str) -> list[str]:
        return [self.floats(f"{name}.{part}", array(getattr(layer, part))) for part in ("weight", "bias")]

    def added(
        self, x: str, y: str, linear: torch.nn.Linear, norm: torch.nn.LayerNorm, name: str, after: str
    ) -> tuple[str, str]:
        """The residual sum x + linear(y), and its layer norm, named `after`."""
        if not self.form.layers:
            total = self.add("Add", [x, self.linear(y, linear, name)], f"{name}.sum")
            return total, self.norm(total, norm, after)
        product = self.product(y, array(linear.weight).T, name)
        inputs = [product, x, *self._affine(norm, after), self.floats(f"{name}.bias", array(linear.bias))]
        outputs = [after, "", "", f"{name}.sum"]
        self.node("SkipLayerNormalization", inputs, outputs, domain=FUSED, epsilon=LAYER_NORM_EPS)
        return f"{name}.sum", after

    def unit(self, x: str, name: str) -> str:
        """Rows of unit length. ReduceSum: every provider has it."""
        squares = self.add("Mul", [x, x], f"{name}.square")
        squares = self.add("ReduceSum", [squares, self.integers("last", -1)], f"{name}.squares", keepdims=1)
        norm = self.add("Sqrt", [squares], f"{name}.norm")
        norm = self.add("Max", [norm, self.floats("norm.floor", NORM_FLOOR[self.precision])], f"{name}.safe")
        return self.add("Div", [x, norm], name)

    def tensor(self, name: str, shape: list, kind: int | None = None):
        return helper.make_tensor_value_info(name, kind or self.type, shape)

    def finished(self, name: str, inputs: list, outputs: list, description: str) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, name, inputs, outputs, self.constants)
        domains = {node.domain for node in self.nodes} - {""}
        opsets = [helper.make_opsetid("", OPSET), *(helper.make_opsetid(domain, 1) for domain in sorted(domains))]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="corkboard")
        model.ir_version, model.doc_string = 8, description
        onnx.checker.check_model(model, full_check=not domains)
        return model
