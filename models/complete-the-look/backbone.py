"""The frozen unified embedding as a feature extractor: its 7 x 7 map, pooled features and vector of each picture."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

NAME = "unified-embedding"
FOLDER = Path(__file__).resolve().parents[1] / NAME
CHANNELS, REGIONS, FEATURES, DIMENSIONS = 320, 49, 1280, 256
BATCH = 16


@dataclass
class Features:
    """map [N, 49, 320], features [N, 1280] (pooled, before the embedding's last layer), embedding [N, 256]."""

    map: np.ndarray
    features: np.ndarray
    embedding: np.ndarray


def revision() -> str:
    return json.loads((FOLDER / "manifest.json").read_text())["revision"]


class Backbone:
    """One onnxruntime session, one thread. `precision`: int8 (what the edge runs) or fp32."""

    def __init__(self, precision: str = "int8", threads: int = 1):
        self.graph = onnx.load(FOLDER / f"{NAME}.{precision}.onnx")
        outputs = {output.name for output in self.graph.graph.output}
        self.map_name = "map" if "map" in outputs else self._head().input[0]
        for name, shape in ((self.map_name, ["N", CHANNELS, 7, 7]), ("features", ["N", FEATURES])):
            if name not in outputs:
                self.graph.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            self.graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def _head(self) -> onnx.NodeProto:
        """The 1 x 1 convolution from 320 to 1280 channels."""
        return next(node for node in self.graph.graph.node if node.output[0] == "head.conv")

    def head(self) -> tuple[np.ndarray, np.ndarray]:
        """Weight [1280, 320] and bias [1280] of that convolution; its map is clip(W m + b, 0, 6)."""
        constants = {one.name: numpy_helper.to_array(one) for one in self.graph.graph.initializer}
        if "head.weight_half" in constants:
            weight, bias = constants["head.weight_half"], constants["head.bias_half"]
        else:
            weight = constants["head.weight_q"] * constants["head.weight_scale"][:, None, None, None]
            bias = constants["head.bias_q"] * constants["head.bias_scale"]
        return weight.reshape(FEATURES, CHANNELS).astype(np.float32), bias.astype(np.float32)

    def run(self, images: np.ndarray) -> Features:
        """Pictures [N, 224, 224, 3] uint8."""
        found, features, embedding = self.session.run(
            [self.map_name, "features", "embedding"], {"image": np.ascontiguousarray(images)}
        )
        if found.shape[1] == CHANNELS:  # [N, 320, 7, 7] unless the graph answers `map` as NHWC
            found = found.transpose(0, 2, 3, 1)
        return Features(found.reshape(len(images), REGIONS, CHANNELS), features, embedding)
