"""Runs the `model.onnx` beside it in Triton's Python backend, as the ONNX Runtime backend would."""

import json
import os

import onnxruntime
import triton_python_backend_utils as backend


class TritonPythonModel:
    def initialize(self, args):
        path = os.path.join(args["model_repository"], args["model_version"], "model.onnx")
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self.outputs = [output["name"] for output in json.loads(args["model_config"])["output"]]

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        names = [value.name for value in self.session.get_inputs()]
        inputs = {name: backend.get_input_tensor_by_name(request, name).as_numpy() for name in names}
        values = self.session.run(self.outputs, inputs)
        return backend.InferenceResponse([backend.Tensor(*pair) for pair in zip(self.outputs, values)])
