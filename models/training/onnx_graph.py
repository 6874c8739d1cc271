"""Writes an `Embedder` as an ONNX graph, node by node: fp32, fp16, or static int8 (QDQ).

Input `image` uint8 [N, side, side, 3] (RGB), normalised inside the graph; outputs `embedding` float32 [N, dimensions],
and on request `map` float32 [N, side / 32, side / 32, channels]: what the last block sends to the head convolution, its
channels last, for models that look at parts of a picture.

* fp32: weights stored in fp16 and cast, arithmetic in float32.
* fp16: convolutions in float16, pooling and head in float32.
* int8: weights signed 8-bit per output channel, activations unsigned, 7 or 8 bits. With 7 bits every QuantizeLinear
  is followed by an integer Clip to 127, so that values beyond the range saturate as an engine of 7 bits does.
  The first convolution reads the pixels as they are (scale 1/128, zero point 127); its weights keep to 7 bits, so
  that pairs of products fit 16 bits.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from .activation_ranges import Quantisation, quantisation
from .trunks import PIXEL_MEAN, PIXEL_SCALE, Conv
from .concept_head import ConceptTower
from .embedder import LAYER_NORM_EPS, Embedder

OPSET = 17
FLOAT_TYPES = {"fp32": np.float32, "fp16": np.float16}


class Writer:
    """Collects nodes and constants."""

    def __init__(self):
        self.nodes, self.constants, self.names = [], [], set()

    def constant(self, name: str, value: np.ndarray) -> str:
        if name not in self.names:
            self.names.add(name)
            self.constants.append(numpy_helper.from_array(value.copy(order="C"), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def model(self, side: int, outputs: dict[str, list[int]], description: str) -> onnx.ModelProto:
        """`outputs`: name -> shape without the batch."""
        image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", side, side, 3])
        values = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape]) for name, shape in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, "embedding", [image], values, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="corkboard")
        model.ir_version, model.doc_string = 8, description
        onnx.checker.check_model(model, full_check=True)
        return model


def convolution_attributes(conv: Conv, side: int) -> tuple[dict, int]:
    """Attributes of the Conv node for a square input of this side, and the side of its output."""
    left, right, top, bottom = conv.padding(side, side)
    attributes = {
        "kernel_shape": [conv.kernel] * 2,
        "strides": [conv.stride] * 2,
        "pads": [top, left, bottom, right],
        "group": conv.groups,
    }
    return attributes, -(-side // conv.stride)


def folded(conv: Conv) -> tuple[np.ndarray, np.ndarray]:
    weight, bias = conv.folded()
    return weight.detach().cpu().float().numpy(), bias.detach().cpu().float().numpy()


def write_matrix(writer: Writer, layer: nn.Linear, name: str, int8_weight: bool) -> str:
    """The layer's weight as [inputs, outputs], signed 8-bit with a scale per output, or stored in float16."""
    weight = layer.weight.detach().cpu().float().numpy().T
    if not int8_weight:
        half = writer.constant(f"{name}.weight_half", weight.astype(np.float16))
        return writer.add("Cast", [half], f"{name}.weight", to=TensorProto.FLOAT)
    scale = np.maximum(np.abs(weight).max(0), 1e-8) / 127
    quantised = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
    names = [
        writer.constant(f"{name}.weight_q", quantised),
        writer.constant(f"{name}.weight_scale", scale.astype(np.float32)),
        writer.constant(f"{name}.weight_zero", np.zeros(len(scale), np.int8)),
    ]
    return writer.add("DequantizeLinear", names, f"{name}.weight", axis=1)


def write_concepts(writer: Writer, tower: ConceptTower, x: str, limit: float | None) -> str:
    """Features [N, F] -> hidden activations, in 7-bit integers 0..`limit` where one is given (the int8 graph)."""
    matrix = write_matrix(writer, tower.concepts, "concepts", limit is not None)
    bias = writer.constant("concepts.bias", tower.concepts.bias.detach().cpu().float().numpy())
    x = writer.add("Gemm", [x, matrix, bias], "concepts.sums")
    if limit is None:
        return writer.add("Relu", [x], "concepts")
    q = quantisation(limit, False, 7)
    names = [
        writer.constant("concepts.scale", np.array(q.scale, np.float32)),
        writer.constant("concepts.zero", np.array(q.zero, np.uint8)),
    ]
    x = writer.add("QuantizeLinear", [x, *names], "concepts.q")
    x = writer.add("Clip", [x, "", writer.constant("top", np.array(q.top, np.uint8))], "concepts.q7")
    return writer.add("DequantizeLinear", [x, *names], "concepts")


def write_head(
    writer: Writer, embedder: Embedder | ConceptTower, pooled: str, int8_weight: bool, hidden_limit: float | None = None
) -> None:
    """Pooled map float32 [N, F, 1, 1] -> `embedding`, in float32."""
    x = writer.add("Flatten", [pooled], "features", axis=1)
    features = embedder.trunk.features
    if isinstance(embedder, ConceptTower):
        x = write_concepts(writer, embedder, x, hidden_limit)
    elif embedder.layer_norm:
        scale = writer.constant("layer_norm.scale", np.ones(features, np.float32))
        zeros = writer.constant("layer_norm.bias", np.zeros(features, np.float32))
        x = writer.add("LayerNormalization", [x, scale, zeros], "layer_norm", axis=-1, epsilon=LAYER_NORM_EPS)
    x = writer.add("MatMul", [x, write_matrix(writer, embedder.linear, "linear", int8_weight)], "linear")
    norm = writer.add("ReduceL2", [x], "norm", axes=[-1], keepdims=1)
    smallest = writer.constant("norm.smallest", np.array(1e-12, np.float32))
    norm = writer.add("Clip", [norm, smallest], "norm.safe")
    writer.add("Div", [x, norm], "embedding")


def outputs_of(embedder: Embedder, map_side: int, with_map: bool) -> dict[str, list[int]]:
    """Shapes of the graph's outputs, without the batch."""
    shapes = {"embedding": [embedder.linear.out_features]}
    return shapes | ({"map": [map_side, map_side, embedder.trunk.map_channels]} if with_map else {})


def float_model(
    embedder: Embedder, side: int, precision: str, description: str, with_map: bool = False
) -> onnx.ModelProto:
    """The fp32 or fp16 graph."""
    writer = Writer()
    number = FLOAT_TYPES[precision]
    x = writer.add("Cast", ["image"], "pixels", to=TensorProto.FLOAT)
    x = writer.add("Transpose", [x], "pixels.nchw", perm=[0, 3, 1, 2])
    x = writer.add("Sub", [x, writer.constant("pixels.mean", np.array(PIXEL_MEAN, np.float32))], "pixels.centred")
    x = writer.add(
        "Mul", [x, writer.constant("pixels.scale", np.array(1 / PIXEL_SCALE, np.float32))], "pixels.normalised"
    )
    if precision == "fp16":
        x = writer.add("Cast", [x], "pixels.half", to=TensorProto.FLOAT16)
    low, high = writer.constant("relu6.low", np.array(0, number)), writer.constant("relu6.high", np.array(6, number))

    def conv(module: Conv, x: str, name: str, side: int) -> tuple[str, int]:
        attributes, side = convolution_attributes(module, side)
        names = []
        for part, value in zip(("weight", "bias"), folded(module)):
            if precision == "fp16":
                names.append(writer.constant(f"{name}.{part}", value.astype(np.float16)))
            else:
                half = writer.constant(f"{name}.{part}_half", value.astype(np.float16))
                names.append(writer.add("Cast", [half], f"{name}.{part}", to=TensorProto.FLOAT))
        x = writer.add("Conv", [x, *names], f"{name}.conv" if module.relu6 else name, **attributes)
        return (writer.add("Clip", [x, low, high], name) if module.relu6 else x), side

    size = side
    x, size = conv(embedder.trunk.stem, x, "stem", size)
    for index, block in enumerate(embedder.trunk.blocks):
        before = x
        for part in ("expand", "depthwise", "project"):
            if getattr(block, part) is not None:
                x, size = conv(getattr(block, part), x, f"blocks.{index}.{part}", size)
        if block.residual:
            x = writer.add("Add", [before, x], f"blocks.{index}.sum")
    if with_map:
        whole = writer.add("Cast", [x], "map.float", to=TensorProto.FLOAT) if precision == "fp16" else x
        writer.add("Transpose", [whole], "map", perm=[0, 2, 3, 1])
    outputs = outputs_of(embedder, size, with_map)
    x, size = conv(embedder.trunk.head, x, "head", size)
    if precision == "fp16":
        x = writer.add("Cast", [x], "head.float", to=TensorProto.FLOAT)
    x = writer.add("GlobalAveragePool", [x], "pooled")
    write_head(writer, embedder, x, int8_weight=False)
    return writer.model(side, outputs, description)


def int8_model(
    embedder: Embedder, side: int, limits: dict[str, float], bits: int, description: str, with_map: bool = False
) -> onnx.ModelProto:
    """The static QDQ graph; `limits` as from `activation_ranges.calibrate`. `map` holds dequantised integers."""
    writer = Writer()

    def parameters(name: str, q: Quantisation) -> list[str]:
        return [
            writer.constant(f"{name}.scale", np.array(q.scale, np.float32)),
            writer.constant(f"{name}.zero", np.array(q.zero, np.uint8)),
        ]

    def requantise(x: str, name: str, signed: bool) -> str:
        """float tensor -> quantised (and clipped to `top`) -> float tensor `name`."""
        q = quantisation(limits[name], signed, bits)
        names = parameters(name, q)
        x = writer.add("QuantizeLinear", [x, *names], f"{name}.q")
        if q.top < 255:
            x = writer.add("Clip", [x, "", writer.constant("top", np.array(q.top, np.uint8))], f"{name}.q7")
        return writer.add("DequantizeLinear", [x, *names], name)

    def conv(module: Conv, x: str, name: str, side: int, input_scale: float, weight_top: int = 127) -> tuple[str, int]:
        attributes, side = convolution_attributes(module, side)
        weight, bias = folded(module)
        smallest = np.abs(bias) / (input_scale * 2**30)  # a dead channel: its bias still has to fit 32 bits
        scale = np.maximum(np.maximum(np.abs(weight).max((1, 2, 3)) / weight_top, smallest), 1e-8)
        quantised = np.clip(np.rint(weight / scale[:, None, None, None]), -weight_top, weight_top).astype(np.int8)
        scale = scale.astype(np.float32)
        weight_names = [
            writer.constant(f"{name}.weight_q", quantised),
            writer.constant(f"{name}.weight_scale", scale),
            writer.constant(f"{name}.weight_zero", np.zeros(len(scale), np.int8)),
        ]
        bias_scale = (scale * np.float32(input_scale)).astype(np.float32)
        bias_q = np.clip(np.rint(bias / bias_scale), -(2**31) + 1, 2**31 - 1).astype(np.int32)
        bias_names = [
            writer.constant(f"{name}.bias_q", bias_q),
            writer.constant(f"{name}.bias_scale", bias_scale),
            writer.constant(f"{name}.bias_zero", np.zeros(len(scale), np.int32)),
        ]
        matrix = writer.add("DequantizeLinear", weight_names, f"{name}.weight", axis=0)
        vector = writer.add("DequantizeLinear", bias_names, f"{name}.bias", axis=0)
        x = writer.add("Conv", [x, matrix, vector], f"{name}.conv", **attributes)
        return requantise(x, name, signed=not module.relu6), side

    def scale_of(name: str, signed: bool) -> float:
        return quantisation(limits[name], signed, bits).scale

    size = side
    x = writer.add("Transpose", ["image"], "pixels.nchw", perm=[0, 3, 1, 2])
    x = writer.add(
        "DequantizeLinear", [x, *parameters("pixels", Quantisation(1 / PIXEL_SCALE, int(PIXEL_MEAN), 255))], "pixels"
    )
    x, size = conv(embedder.trunk.stem, x, "stem", size, 1 / PIXEL_SCALE, weight_top=63)
    scale = scale_of("stem", False)
    for index, block in enumerate(embedder.trunk.blocks):
        before = x
        for part in ("expand", "depthwise", "project"):
            module, name = getattr(block, part), f"blocks.{index}.{part}"
            if module is not None:
                x, size = conv(module, x, name, size, scale)
                scale = scale_of(name, not module.relu6)
        if block.residual:
            name = f"blocks.{index}.sum"
            x = requantise(writer.add("Add", [before, x], f"{name}.float"), name, signed=True)
            scale = scale_of(name, True)
    if with_map:
        writer.add("Transpose", [x], "map", perm=[0, 2, 3, 1])
    outputs = outputs_of(embedder, size, with_map)
    x, size = conv(embedder.trunk.head, x, "head", size, scale)
    x = writer.add("GlobalAveragePool", [x], "pooled")
    write_head(writer, embedder, x, int8_weight=True, hidden_limit=limits.get("concepts"))
    return writer.model(side, outputs, description)
