"""The frozen unified embedding as a feature extractor: its 7 x 7 map, pooled features and vector of each picture."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

NAME = "unified-embedding"
MODELS = Path(__file__).resolve().parents[1]
FOLDER = MODELS / NAME
sys.path.insert(0, str(MODELS))  # where `training` lies
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
        graph = onnx.load(FOLDER / f"{NAME}.{precision}.onnx")
        graph.graph.output.append(helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", FEATURES]))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def run(self, images: np.ndarray) -> Features:
        """Pictures [N, 224, 224, 3] uint8."""
        found, features, embedding = self.session.run(
            ["map", "features", "embedding"], {"image": np.ascontiguousarray(images)}
        )
        return Features(found.reshape(len(images), REGIONS, CHANNELS), features, embedding)
