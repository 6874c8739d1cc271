"""MobileNetV2's weights out of a quantised TensorFlow Lite file (needs the PyPI package `tflite`).

Source: google-coral/test_data, tf2_mobilenet_v2_1.0_224_ptq.tflite (Apache-2.0): int8 per channel, batch norm folded.
Biases and weights are dequantised; gamma, beta, mean and var are set so that folding gives them back.
"""

from pathlib import Path

import numpy as np
import tflite
import torch

from .trunks import BATCH_NORM_EPS, Trunk


def dequantised(model: tflite.Model, tensor: tflite.Tensor) -> np.ndarray:
    """Constant tensor as float32, one scale per channel of its quantised dimension."""
    kind = {tflite.TensorType.INT8: np.int8, tflite.TensorType.INT32: np.int32, tflite.TensorType.UINT8: np.uint8}[
        tensor.Type()
    ]
    values = model.Buffers(tensor.Buffer()).DataAsNumpy().view(kind).reshape(tensor.ShapeAsNumpy()).astype(np.float64)
    quantisation = tensor.Quantization()
    shape = [1] * values.ndim
    if quantisation.ScaleLength() > 1:
        shape[quantisation.QuantizedDimension()] = -1
    scale = quantisation.ScaleAsNumpy().astype(np.float64).reshape(shape)
    zero = quantisation.ZeroPointAsNumpy().astype(np.float64).reshape(shape)
    return ((values - zero) * scale).astype(np.float32)


def read(path: Path) -> Trunk:
    """`Trunk` "mobilenet-v2" with the convolutions of the file, in their order of execution."""
    model = tflite.Model.GetRootAsModel(path.read_bytes(), 0)
    graph = model.Subgraphs(0)
    trunk = Trunk("mobilenet-v2")
    convolutions = [trunk.stem]
    for block in trunk.blocks:
        convolutions += [conv for conv in (block.expand, block.depthwise, block.project) if conv is not None]
    remaining = iter([*convolutions, trunk.head])
    for index in range(graph.OperatorsLength()):
        operator = graph.Operators(index)
        code = model.OperatorCodes(operator.OpcodeIndex())
        kind = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        if kind not in (tflite.BuiltinOperator.CONV_2D, tflite.BuiltinOperator.DEPTHWISE_CONV_2D):
            continue
        conv = next(remaining, None)
        if conv is None:
            break
        weight = torch.from_numpy(dequantised(model, graph.Tensors(operator.Inputs(1))))
        depthwise = kind == tflite.BuiltinOperator.DEPTHWISE_CONV_2D  # [1, k, k, C], else [O, k, k, I]
        weight = weight.permute(3, 0, 1, 2) if depthwise else weight.permute(0, 3, 1, 2)
        assert weight.shape == conv.weight.shape, (index, weight.shape, conv.weight.shape)
        conv.weight.data.copy_(weight)
        conv.gamma.data.fill_((1 + BATCH_NORM_EPS) ** 0.5)
        conv.beta.data.copy_(torch.from_numpy(dequantised(model, graph.Tensors(operator.Inputs(2)))))
    assert next(remaining, None) is None
    return trunk
