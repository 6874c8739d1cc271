"""Reads a trunk back from a float graph of `onnx_graph`: the shipped weights are all that is left of a finished run."""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from .trunks import BATCH_NORM_EPS, Conv, Trunk


def trunk_of(path: Path, name: str) -> tuple[Trunk, torch.Tensor]:
    """(trunk `name` with a graph's weights, its last matrix [D, F]).

    A graph keeps weights and biases in which the batch norm is folded: here they get one that changes nothing.
    """
    stored = {one.name: one for one in onnx.load(path).graph.initializer}
    read = lambda key: torch.from_numpy(numpy_helper.to_array(stored[f"{key}_half"]).copy()).float()
    trunk = Trunk(name)
    for key, conv in trunk.named_modules():
        if isinstance(conv, Conv):
            conv.weight.data.copy_(read(f"{key}.weight"))
            conv.beta.data.copy_(read(f"{key}.bias"))
            conv.var.fill_(1 - BATCH_NORM_EPS)
    return trunk, read("linear.weight").T.contiguous()
