"""What `corkboard triton export` writes, read with Triton's own schema and compared with the ONNX graphs."""

import json
from pathlib import Path

import onnx
import pytest
from google.protobuf import text_format

model_config_pb2 = pytest.importorskip("tritonclient.grpc.model_config_pb2")

MODELS = Path(__file__).parents[2] / "models"
ELEMENTS = {
    onnx.TensorProto.UINT8: model_config_pb2.TYPE_UINT8,
    onnx.TensorProto.INT8: model_config_pb2.TYPE_INT8,
    onnx.TensorProto.INT32: model_config_pb2.TYPE_INT32,
    onnx.TensorProto.INT64: model_config_pb2.TYPE_INT64,
    onnx.TensorProto.FLOAT16: model_config_pb2.TYPE_FP16,
    onnx.TensorProto.FLOAT: model_config_pb2.TYPE_FP32,
}


def read_config(folder):
    return text_format.Parse((folder / "config.pbtxt").read_text(), model_config_pb2.ModelConfig())


def graph_tensors(values):
    """Name, element type and dimensions of graph inputs or outputs, -1 for free ones."""
    tensors = {}
    for value in values:
        dims = [d.dim_value if d.HasField("dim_value") else -1 for d in value.type.tensor_type.shape.dim]
        tensors[value.name] = (ELEMENTS[value.type.tensor_type.elem_type], dims)
    return tensors


def config_tensors(tensors, batched):
    return {t.name: (t.data_type, ([-1] if batched else []) + list(t.dims)) for t in tensors}


def fits(declared, graph):
    """A dimension that the graph leaves free may be declared as any size."""
    return len(declared) == len(graph) and all(g in (-1, d) for d, g in zip(declared, graph))


def test_there_is_every_model_in_its_current_revision(repository):
    manifests = [json.loads(path.read_text()) for path in MODELS.glob("*/manifest.json")]
    names = {m["name"]: m["revision"] for m in manifests if "files" in m}
    assert {folder.name for folder in repository.iterdir()} == set(names)
    for folder in repository.iterdir():
        config = read_config(folder)
        versions = list(config.version_policy.specific.versions)
        assert config.name == folder.name
        assert f"{versions[0]:012x}" == names[config.name] == config.parameters["revision"].string_value
        assert {int(p.name) for p in folder.iterdir() if p.is_dir()} == set(versions)


def test_configurations_say_what_the_graphs_have(repository):
    for folder in repository.iterdir():
        config = read_config(folder)
        batched = config.max_batch_size > 0
        for path in folder.glob("*/model.onnx"):
            graph = onnx.load(path, load_external_data=False).graph
            weights = {tensor.name for tensor in graph.initializer}
            inputs = graph_tensors(value for value in graph.input if value.name not in weights)
            outputs = graph_tensors(graph.output)
            declared = config_tensors(config.input, batched)
            assert set(declared) == set(inputs), path
            for name, (kind, dims) in [*declared.items(), *config_tensors(config.output, batched).items()]:
                graph_kind, graph_dims = {**inputs, **outputs}[name]
                assert kind == graph_kind and fits(dims, graph_dims), (path, name, dims, graph_dims)


def test_batches_requests_and_warm_ups_are_within_the_limits(repository):
    for folder in repository.iterdir():
        config = read_config(folder)
        manifest = json.loads((MODELS / config.name / "manifest.json").read_text())
        if manifest["task"] == "ranking":
            # Its rows are one request's candidates, more of them than any batch has.
            assert config.max_batch_size == 0 and not config.HasField("dynamic_batching")
            assert [warm.batch_size for warm in config.model_warmup] == [0]
        else:
            assert config.max_batch_size == max(config.dynamic_batching.preferred_batch_size)
            policy = config.dynamic_batching.default_queue_policy
            assert policy.allow_timeout_override and policy.default_timeout_microseconds > 0
            assert [warm.batch_size for warm in config.model_warmup] == [1, 16]
        for warm in config.model_warmup:
            assert set(warm.inputs) == {tensor.name for tensor in config.input}
            for tensor in config.input:
                assert fits(list(warm.inputs[tensor.name].dims), list(tensor.dims))
