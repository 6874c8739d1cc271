"""The edge ranker: features of candidates to logits of actions, and the ONNX graph of a trained one."""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from torch import nn

from training.onnx_graph import OPSET, Writer

# Standardised features are cut here: what training never saw, from whoever sends it, cannot run away.
LARGEST = 6.0


class Ranker(nn.Module):
    """`hidden` layers of ReLU between standardised features [N, F] and logits [N, C]; none: logistic regression."""

    def __init__(self, mean: torch.Tensor, scale: torch.Tensor, actions: int, hidden: tuple[int, ...]):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("scale", scale)
        widths = (len(mean), *hidden, actions)
        self.layers = nn.ModuleList(nn.Linear(before, after) for before, after in zip(widths, widths[1:]))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        x = ((features - self.mean) / self.scale).clamp(-LARGEST, LARGEST)
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


def graph(model: Ranker, description: str) -> onnx.ModelProto:
    """`features` float32 [N, F] -> `probabilities` float32 [N, C]; scaling is inside."""
    writer = Writer()
    constant = lambda name, value: writer.constant(name, np.asarray(value, np.float32))  # noqa: E731
    x = writer.add("Sub", ["features", constant("mean", model.mean.numpy())], "centred")
    x = writer.add("Div", [x, constant("scale", model.scale.numpy())], "scaled")
    x = writer.add("Clip", [x, constant("least", -LARGEST), constant("largest", LARGEST)], "standardised")
    for at, layer in enumerate(model.layers):
        weight = constant(f"layer{at}.weight", layer.weight.detach().numpy().T)
        bias = constant(f"layer{at}.bias", layer.bias.detach().numpy())
        x = writer.add("Gemm", [x, weight, bias], f"layer{at}")
        if at < len(model.layers) - 1:
            x = writer.add("Relu", [x], f"layer{at}.relu")
    writer.add("Sigmoid", [x], "probabilities")
    tensor = lambda name, width: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])  # noqa: E731
    features, actions = len(model.mean), model.layers[-1].out_features
    made = helper.make_graph(
        writer.nodes, "feed-ranker", [tensor("features", features)], [tensor("probabilities", actions)], writer.constants
    )
    result = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="corkboard")
    result.ir_version, result.doc_string = 8, description
    onnx.checker.check_model(result, full_check=True)
    return result
