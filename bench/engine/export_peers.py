"""Networks to measure the engine with: random weights, static QDQ int8, uint8 pixels in.

    python bench/engine/export_peers.py          # writes bench/engine/peers/<name>.{int8,fp32}.onnx

Needs torch, timm, onnx and onnxruntime. Weights are random: these models are for speed and for coverage of operators.
The folder is not part of the repository.
"""

import pathlib
import sys

import numpy as np
import onnx
import timm
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "peers"
TIMM = {
    "mobilenetv2": ("mobilenetv2_100", 224),
    "mobilenetv3-large": ("mobilenetv3_large_100", 224),
    "efficientnet-lite0": ("efficientnet_lite0", 224),
    "mobilenetv4-conv-small": ("mobilenetv4_conv_small", 224),
    "resnet18": ("resnet18", 224),
    "vit-tiny": ("vit_tiny_patch16_224", 224),
}


def block(inputs, outputs, kernel=1, stride=1, groups=1):
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.SiLU())


def separable(inputs, outputs, kernel=3, stride=1):
    return nn.Sequential(block(inputs, inputs, kernel, stride, inputs), block(inputs, outputs))


class Stage(nn.Module):
    """A cross-stage partial stage of YOLOX with depthwise bottlenecks."""

    def __init__(self, inputs, outputs, depth, shortcut=True):
        super().__init__()
        hidden = outputs // 2
        self.left, self.right = block(inputs, hidden), block(inputs, hidden)
        self.blocks = nn.ModuleList(
            nn.Sequential(block(hidden, hidden), separable(hidden, hidden)) for _ in range(depth)
        )
        self.join, self.shortcut = block(2 * hidden, outputs), shortcut

    def forward(self, x):
        y = self.left(x)
        for one in self.blocks:
            y = y + one(y) if self.shortcut else one(y)
        return self.join(torch.cat([y, self.right(x)], 1))


class Pyramid(nn.Module):
    """Spatial pyramid pooling."""

    def __init__(self, channels):
        super().__init__()
        self.before, self.after = block(channels, channels // 2), block(channels * 2, channels)
        self.pools = nn.ModuleList(nn.MaxPool2d(size, 1, size // 2) for size in (5, 9, 13))

    def forward(self, x):
        x = self.before(x)
        return self.after(torch.cat([x, *[pool(x) for pool in self.pools]], 1))


class YoloxNano(nn.Module):
    """YOLOX-nano: width 0.25, depth 0.33, depthwise. The focus layer is a 6×6 convolution of stride 2."""

    def __init__(self, classes=80):
        super().__init__()
        self.stem = block(3, 16, 6, 2)
        self.stem[0].padding = (2, 2)
        self.dark2 = nn.Sequential(separable(16, 32, 3, 2), Stage(32, 32, 1))
        self.dark3 = nn.Sequential(separable(32, 64, 3, 2), Stage(64, 64, 3))
        self.dark4 = nn.Sequential(separable(64, 128, 3, 2), Stage(128, 128, 3))
        self.dark5 = nn.Sequential(separable(128, 256, 3, 2), Pyramid(256), Stage(256, 256, 1, False))
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.lateral, self.top4 = block(256, 128), Stage(256, 128, 1, False)
        self.reduce, self.top3 = block(128, 64), Stage(128, 64, 1, False)
        self.down3, self.out4 = separable(64, 64, 3, 2), Stage(128, 128, 1, False)
        self.down4, self.out5 = separable(128, 128, 3, 2), Stage(256, 256, 1, False)
        self.stems = nn.ModuleList(block(channels, 64) for channels in (64, 128, 256))
        self.classify = nn.ModuleList(nn.Sequential(separable(64, 64), separable(64, 64)) for _ in range(3))
        self.locate = nn.ModuleList(nn.Sequential(separable(64, 64), separable(64, 64)) for _ in range(3))
        self.classes = nn.ModuleList(nn.Conv2d(64, classes, 1) for _ in range(3))
        self.boxes = nn.ModuleList(nn.Conv2d(64, 5, 1) for _ in range(3))

    def forward(self, x):
        c3 = self.dark3(self.dark2(self.stem(x)))
        c4 = self.dark4(c3)
        c5 = self.lateral(self.dark5(c4))
        f4 = self.reduce(self.top4(torch.cat([self.up(c5), c4], 1)))
        p3 = self.top3(torch.cat([self.up(f4), c3], 1))
        p4 = self.out4(torch.cat([self.down3(p3), f4], 1))
        p5 = self.out5(torch.cat([self.down4(p4), c5], 1))
        outputs = []
        for i, feature in enumerate((p3, p4, p5)):
            feature = self.stems[i](feature)
            outputs.append(self.boxes[i](self.locate[i](feature)))
            outputs.append(self.classes[i](self.classify[i](feature)))
        return tuple(outputs)


class Pictures(CalibrationDataReader):
    """Smooth random pictures, normalised as the pixels that come later: (pixel - 127) / 128."""

    def __init__(self, size, count=4):
        generator = torch.Generator().manual_seed(0)
        coarse = torch.rand(count, 3, size // 16, size // 16, generator=generator)
        pictures = nn.functional.interpolate(coarse, size=(size, size), mode="bilinear")
        self.pictures = iter(((pictures * 255).round() - 127) / 128)

    def get_next(self):
        picture = next(self.pictures, None)
        return None if picture is None else {"x": picture[None].numpy()}


def from_pixels(path, quantised):
    """Replaces the float input by uint8 pixels [1, height, width, 3]."""
    model = onnx.load(path)
    graph = model.graph
    (entry,) = [value for value in graph.input if value.name == "x"]
    size = entry.type.tensor_type.shape.dim[2].dim_value
    graph.input.remove(entry)
    graph.input.insert(0, helper.make_tensor_value_info("image", TensorProto.UINT8, [1, size, size, 3]))
    scale = numpy_helper.from_array(np.float32(1 / 128), "pixels.scale")
    zero = numpy_helper.from_array(np.uint8(127), "pixels.zero")
    graph.initializer.extend([scale, zero])
    target = "x"
    if quantised:
        (quantise,) = [node for node in graph.node if node.op_type == "QuantizeLinear" and node.input[0] == "x"]
        (dequantise,) = [node for node in graph.node if quantise.output[0] in node.input]
        target = dequantise.output[0]
        graph.node.remove(quantise)
        graph.node.remove(dequantise)
    graph.node.insert(0, helper.make_node("Transpose", ["image"], ["pixels.nchw"], perm=[0, 3, 1, 2]))
    graph.node.insert(
        1, helper.make_node("DequantizeLinear", ["pixels.nchw", "pixels.scale", "pixels.zero"], [target])
    )
    onnx.save(model, path)


def embed_positions(network):
    """A class token without `expand`: the batch is 1."""

    def positions(x):
        return torch.cat([network.cls_token, x.reshape(1, -1, x.shape[-1])], 1) + network.pos_embed

    return positions


def export(name, network, size):
    network.eval()
    # Random batch statistics would let activations die out or explode.
    network.train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.randn(4, 3, size, size))
    network.eval()
    if hasattr(network, "cls_token"):
        network._pos_embed = embed_positions(network)
    fp32, prepared, int8 = (FOLDER / f"{name}.{kind}.onnx" for kind in ("fp32", "prepared", "int8"))
    torch.onnx.export(
        network, (torch.randn(1, 3, size, size),), fp32, input_names=["x"], opset_version=17, dynamo=False
    )
    quant_pre_process(fp32, prepared, skip_symbolic_shape=True)
    kinds = {node.op_type for node in onnx.load(prepared).graph.node}
    kept = {"LayerNormalization", "Reshape", "Transpose", "Gather", "Shape", "Constant", "Flatten", "Squeeze"}
    quantize_static(
        prepared,
        int8,
        Pictures(size),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=sorted(kinds - kept),
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        extra_options={"WeightSymmetric": True},
    )
    prepared.unlink()
    from_pixels(fp32, quantised=False)
    from_pixels(int8, quantised=True)
    print(name, int8.stat().st_size)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(0)
    wanted = sys.argv[1:] or [*TIMM, "yolox-nano"]
    for name in wanted:
        if name == "yolox-nano":
            export(name, YoloxNano(), 416)
        else:
            identifier, size = TIMM[name]
            export(name, timm.create_model(identifier, pretrained=False, exportable=True), size)
