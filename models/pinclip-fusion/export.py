"""Writes the fusion of a picture's and a text's vector: `fp32` graph and `manifest.json`.

    python models/pinclip-fusion/export.py --text-weight 1

Unit length of image + w · text; a row of zeros is a missing part. `w` is the one number of the model.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from training.manifest import file_entry, revision
from training.onnx_graph import OPSET, Writer

NAME = "pinclip-fusion"
DESCRIPTION = "A picture's vector and a text's to one vector for both, in PinCLIP's space."


def graph(text_weight: float) -> onnx.ModelProto:
    writer = Writer()
    weight = writer.constant("text.weight", np.array(text_weight, np.float32))
    x = writer.add("Add", ["image", writer.add("Mul", ["text", weight], "text.weighed")], "sum")
    norm = writer.add("ReduceL2", [x], "norm", axes=[-1], keepdims=1)
    norm = writer.add("Clip", [norm, writer.constant("norm.smallest", np.array(1e-12, np.float32))], "norm.safe")
    writer.add("Div", [x, norm], "embedding")
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 256]) for name in ("image", "text")]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", 256])
    made = helper.make_graph(writer.nodes, "fusion", inputs, [output], writer.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="corkboard")
    model.ir_version, model.doc_string = 8, DESCRIPTION
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--text-weight", type=float, default=1.0)
    arguments = parser.parse_args()
    path = HERE / f"{NAME}.fp32.onnx"
    onnx.save(graph(arguments.text_weight), path)
    vector = {"datatype": "FP32", "shape": [-1, 256]}
    manifest = {
        "name": NAME, "revision": "", "task": "embedding-fusion", "description": DESCRIPTION, "license": "Apache-2.0",
        "source": "made here",
        "inputs": [{"name": "image", **vector}, {"name": "text", **vector}],
        "output": {"name": "embedding", **vector, "dimensions": 256, "prefixes": [32, 64, 128], "normalized": True},
        "files": {"fp32": file_entry(path)},
        "metrics": {"text_weight": arguments.text_weight},
    }  # fmt: skip
    manifest["revision"] = revision(manifest)
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf8")
    print(f"{NAME}@{manifest['revision']}")


if __name__ == "__main__":
    main()
