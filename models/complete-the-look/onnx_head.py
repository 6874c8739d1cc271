"""Writes a trained `CompleteTheLook` (mode full) as an ONNX graph, node by node, float32.

Input `map` [N, 7, 7, 320] as the backbone answers it. Outputs: `product` [N, 128], f_p of a product's picture;
`scene` [N, 128], f_s (the same network on the same mean: a picture may be either); `queries` [N, C, 128], the query
of each category; `attention` [N, C, 49], where each category looks, rows first. Batch norm is folded into the linear
layer before it. Only operators of opset 17 that onnxruntime's native and wasm builds have.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper

from backbone import CHANNELS, REGIONS
from network import DIMENSIONS, CompleteTheLook, Projection
from training.onnx_graph import OPSET, Writer

ROWS = COLUMNS = 7


def folded(projection: Projection) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(first [channels, H], bias [H], second [H, 128], bias [128]) with the batch norm inside."""
    norm, first, second = projection.norm, projection.first, projection.second
    scale = (norm.weight / (norm.running_var + norm.eps).sqrt()).detach()
    weight = (first.weight.detach() * scale[:, None]).T
    bias = (first.bias.detach() - norm.running_mean) * scale + norm.bias.detach()
    return weight.numpy(), bias.numpy(), second.weight.detach().T.numpy(), second.bias.detach().numpy()


def unit_length(writer: Writer, x: str, output: str) -> str:
    norm = writer.add("ReduceL2", [x], f"{output}.norm", axes=[-1], keepdims=1)
    smallest = writer.constant("smallest", np.array(1e-12, np.float32))
    return writer.add("Div", [x, writer.add("Clip", [norm, smallest], f"{output}.norm.safe")], output)


def project(writer: Writer, projection: Projection, x: str, output: str) -> str:
    """[..., channels] -> unit vectors [..., 128]."""
    names = ("first", "first.bias", "second", "second.bias")
    first, first_bias, second, second_bias = (
        writer.constant(f"{output}.{name}", value.astype(np.float32)) for name, value in zip(names, folded(projection))
    )
    x = writer.add("MatMul", [x, first], f"{output}.hidden.product")
    x = writer.add("Relu", [writer.add("Add", [x, first_bias], f"{output}.hidden.sum")], f"{output}.hidden")
    x = writer.add("MatMul", [x, second], f"{output}.product")
    return unit_length(writer, writer.add("Add", [x, second_bias], f"{output}.sum"), output)


def head_graph(model: CompleteTheLook, description: str) -> onnx.ModelProto:
    writer = Writer()
    count = len(model.categories)
    shape = writer.constant("regions.shape", np.array([-1, REGIONS, CHANNELS], np.int64))
    regions = writer.add("Reshape", ["map", shape], "regions")
    pooled = writer.add("ReduceMean", [regions], "pooled", axes=[1], keepdims=0)
    product = project(writer, model.overall, pooled, "product")
    scene = writer.add("Identity", [product], "scene")
    local = project(writer, model.local, regions, "local")
    attending = project(writer, model.attending, regions, "attending")
    # 2 f . e_c is what remains of -|f - e_c|^2 in a softmax over regions, see network.py
    categories = writer.constant("categories", 2 * model.categories.detach().numpy().T)
    logits = writer.add("MatMul", [attending, categories], "logits")
    logits = writer.add("Transpose", [logits], "logits.categories", perm=[0, 2, 1])
    attention = writer.add("Softmax", [logits], "attention", axis=-1)
    seen = writer.add("MatMul", [attention, local], "seen")
    axes = writer.constant("axes", np.array([1], np.int64))
    writer.add("Add", [seen, writer.add("Unsqueeze", [scene, axes], "scene.row")], "queries")
    tensor = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])  # noqa: E731
    graph = helper.make_graph(
        writer.nodes,
        "complete-the-look",
        [tensor("map", ROWS, COLUMNS, CHANNELS)],
        [
            tensor("product", DIMENSIONS),
            tensor("scene", DIMENSIONS),
            tensor("queries", count, DIMENSIONS),
            tensor("attention", count, REGIONS),
        ],
        writer.constants,
    )
    graph_model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="corkboard")
    graph_model.ir_version, graph_model.doc_string = 8, description
    onnx.checker.check_model(graph_model, full_check=True)
    return graph_model
