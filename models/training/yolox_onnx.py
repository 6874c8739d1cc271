"""Writes a YOLOX network, or two that share their first stages, as an ONNX graph: fp32 (weights in fp16), or static
int8 (QDQ).

Input `image` uint8 [N, side, side, 3] (red, green, blue). Outputs float32, raw, channels last, for each level l:
`box<l>` [N, h, w, 4] (offsets of the centre and logarithms of the size, in places), `object<l>` [N, h, w, 1] and
`class<l>` [N, h, w, C] (logits). Levels are called 8, 16 and 32 by their stride; those of a second detector 8b, 16b
and 32b. Colours are turned round in the first convolution's weights.
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

from .activation_ranges import Quantisation
from .onnx_graph import OPSET, Writer
from .yolox import STRIDES, Twin, Yolox
from .yolox_quantisation import STEM_TOP, WEIGHT_TOP, owners
from .yolox_steps import IMAGE, Level, Step, trace

PARTS = ("box", "object", "class")


def _folded(step: Step) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias; the first convolution's for red, green, blue."""
    weight, bias = (part.detach().cpu().float() for part in step.conv.folded())
    if step.inputs[0] == IMAGE:
        weight = weight.flip(1)
    return weight.numpy(), bias.numpy()


def _attributes(step: Step) -> dict:
    conv = step.conv.conv
    (top, left), (kernel, _) = conv.padding, conv.kernel_size
    return {
        "kernel_shape": [kernel, kernel],
        "strides": list(conv.stride),
        "pads": [top, left, top, left],
        "group": conv.groups,
    }


def _elementwise(writer: Writer, step: Step, inputs: list[str], output: str) -> str:
    """Any step but a convolution."""
    if step.kind == "silu":
        gate = writer.add("Sigmoid", inputs, f"{output}.gate")
        return writer.add("Mul", [inputs[0], gate], output)
    if step.kind == "add":
        return writer.add("Add", inputs, output)
    if step.kind == "concat":
        return writer.add("Concat", inputs, output, axis=1)
    if step.kind == "pool":
        pad = [step.size // 2] * 4
        return writer.add("MaxPool", inputs, output, kernel_shape=[step.size] * 2, strides=[1, 1], pads=pad)
    scales = writer.constant("twice", np.array([1, 1, 2, 2], np.float32))
    return writer.add(
        "Resize", [inputs[0], "", scales], output,
        mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor",
    )  # fmt: skip


def level_names(count: int) -> list[str]:
    """Of the levels that `trace` lists."""
    return [f"{stride}{'b' * (first > 0)}" for first in range(0, count, len(STRIDES)) for stride in STRIDES]


def _model(writer: Writer, steps: list[Step], levels: list[Level], side: int, description: str) -> onnx.ModelProto:
    depths = {step.output: step.conv.conv.out_channels for step in steps if step.kind == "conv"}
    outputs = []
    for level, stride, number in zip(levels, STRIDES * 2, level_names(len(levels))):
        for name, part in zip(level, PARTS):
            output = writer.add("Transpose", [name], f"{part}{number}", perm=[0, 2, 3, 1])
            shape = ["N", side // stride, side // stride, depths[name]]
            outputs.append(helper.make_tensor_value_info(output, TensorProto.FLOAT, shape))
    image = helper.make_tensor_value_info(IMAGE, TensorProto.UINT8, ["N", side, side, 3])
    graph = helper.make_graph(writer.nodes, "detector", [image], outputs, writer.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="corkboard")
    model.ir_version, model.doc_string = 8, description
    onnx.checker.check_model(model, full_check=True)
    return model


def float_model(network: Yolox | Twin, side: int, description: str) -> onnx.ModelProto:
    """fp32 arithmetic, weights stored in fp16."""
    writer = Writer()
    steps, levels = trace(network)
    pixels = writer.add("Cast", [IMAGE], "pixels.float", to=TensorProto.FLOAT)
    names = {IMAGE: writer.add("Transpose", [pixels], "pixels", perm=[0, 3, 1, 2])}
    for step in steps:
        inputs = [names[name] for name in step.inputs]
        if step.kind == "conv":
            for part, value in zip(("weight", "bias"), _folded(step)):
                half = writer.constant(f"{step.output}.{part}_half", value.astype(np.float16))
                inputs.append(writer.add("Cast", [half], f"{step.output}.{part}", to=TensorProto.FLOAT))
            names[step.output] = writer.add("Conv", inputs, step.output, **_attributes(step))
        else:
            names[step.output] = _elementwise(writer, step, inputs, step.output)
    return _model(writer, steps, levels, side, description)


def int8_model(network: Yolox | Twin, quantisations: dict[str, Quantisation], side: int, description: str) -> onnx.ModelProto:
    """The static QDQ graph; `quantisations` as from `yolox_quantisation`."""
    writer = Writer()
    steps, levels = trace(network)
    owner = owners(steps, levels)
    pixels = Quantisation(1.0, 0, 255)

    def parameters(name: str, q: Quantisation) -> list[str]:
        return [
            writer.constant(f"{name}.scale", np.array(q.scale, np.float32)),
            writer.constant(f"{name}.zero", np.array(q.zero, np.uint8)),
        ]

    def conv(step: Step, x: str, input_scale: float) -> str:
        weight, bias = _folded(step)
        top = STEM_TOP if step.inputs[0] == IMAGE else WEIGHT_TOP
        smallest = np.abs(bias) / (input_scale * 2**30)  # a dead channel: its bias still has to fit 32 bits
        scale = np.maximum(np.maximum(np.abs(weight).max((1, 2, 3)) / top, smallest), 1e-8).astype(np.float32)
        quantised = np.clip(np.rint(weight / scale[:, None, None, None]), -top, top).astype(np.int8)
        bias_scale = (scale * np.float32(input_scale)).astype(np.float32)
        bias_q = np.clip(np.rint(bias / bias_scale), -(2**31) + 1, 2**31 - 1).astype(np.int32)
        inputs = [x]
        for part, value, step_size in (("weight", quantised, scale), ("bias", bias_q, bias_scale)):
            names = [
                writer.constant(f"{step.output}.{part}_q", value),
                writer.constant(f"{step.output}.{part}_scale", step_size),
                writer.constant(f"{step.output}.{part}_zero", np.zeros(len(step_size), value.dtype)),
            ]
            inputs.append(writer.add("DequantizeLinear", names, f"{step.output}.{part}", axis=0))
        return writer.add("Conv", inputs, f"{step.output}.real" if step.output in owner else step.output, **_attributes(step))

    x = writer.add("Transpose", [IMAGE], "pixels.nchw", perm=[0, 3, 1, 2])
    names = {IMAGE: writer.add("DequantizeLinear", [x, *parameters("pixels", pixels)], "pixels")}
    scales = {IMAGE: pixels.scale}
    for step in steps:
        inputs = [names[name] for name in step.inputs]
        output = step.output
        if step.kind == "conv":
            x = conv(step, inputs[0], scales[step.inputs[0]])
        else:
            x = _elementwise(writer, step, inputs, f"{output}.real")
        if output in owner:
            q = quantisations[owner[output]]
            constants = parameters(owner[output], q)
            x = writer.add("QuantizeLinear", [x, *constants], f"{output}.q")
            if q.top < 255 and step.kind not in ("pool", "enlarge"):
                x = writer.add("Clip", [x, "", writer.constant("top", np.array(q.top, np.uint8))], f"{output}.q7")
            x = writer.add("DequantizeLinear", [x, *constants], output)
            scales[output] = float(np.float32(q.scale))
        names[output] = x
    return _model(writer, steps, levels, side, description)
