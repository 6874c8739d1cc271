"""The origin, asked by the client that NVIDIA publishes for Triton. Needs `npm run build`, and `tritonclient[http]`."""

import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

http = pytest.importorskip("tritonclient.http")
from tritonclient.utils import InferenceServerException  # noqa: E402

ROOT = Path(__file__).parents[2]
NAME = "unified-embedding"
REVISION = json.loads((ROOT / "models" / NAME / "manifest.json").read_text())["revision"]


@pytest.fixture(scope="module")
def client():
    command = ["node", "dist/origin/origin.js", "--port", "0", "--models", NAME, "--provider", "cpu"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        address = None
        for line in process.stderr:
            if address := re.search(r"The origin is at http://(\S+)", line):
                break
        assert address, "the origin has not started"
        yield http.InferenceServerClient(address[1])
    finally:
        process.kill()
        process.wait()


def picture(rows=1, binary=True):
    pixels = np.random.default_rng(7).integers(0, 256, (rows, 224, 224, 3), dtype=np.uint8)
    tensor = http.InferInput("image", pixels.shape, "UINT8")
    tensor.set_data_from_numpy(pixels, binary_data=binary)
    return tensor


def test_health_and_metadata(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready(NAME) and client.is_model_ready(NAME, REVISION)
    assert not client.is_model_ready(NAME, "1") and not client.is_model_ready("nothing")
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    metadata = client.get_model_metadata(NAME, REVISION)
    assert metadata["versions"][0] == REVISION
    assert metadata["inputs"] == [{"name": "image", "datatype": "UINT8", "shape": [-1, 224, 224, 3]}]


@pytest.mark.parametrize("binary_input", [True, False])
@pytest.mark.parametrize("binary_output", [True, False])
def test_tensors_as_binary_data_and_as_json(client, binary_input, binary_output):
    outputs = [http.InferRequestedOutput("embedding", binary_data=binary_output)]
    result = client.infer(
        NAME,
        [picture(binary=binary_input)],
        model_version=REVISION,
        outputs=outputs,
        request_id="17",
        parameters={"mine": "x"},
        timeout=30_000_000,
    )
    response = result.get_response()
    assert (response["id"], response["model_version"]) == ("17", REVISION)
    assert [output["name"] for output in response["outputs"]] == ["embedding"]
    reference = client.infer(NAME, [picture()])
    assert set(o["name"] for o in reference.get_response()["outputs"]) == {"embedding", "map"}
    np.testing.assert_allclose(result.as_numpy("embedding"), reference.as_numpy("embedding"), atol=1e-6)


def test_mixed_outputs_and_several_rows(client):
    outputs = [
        http.InferRequestedOutput("map", binary_data=False),
        http.InferRequestedOutput("embedding", binary_data=True),
    ]
    result = client.infer(NAME, [picture(rows=3)], outputs=outputs)
    assert result.as_numpy("map").shape == (3, 7, 7, 320)
    assert result.as_numpy("embedding").shape == (3, 256)


def test_requests_that_run_at_once(client):
    running = [client.async_infer(NAME, [picture()]) for _ in range(4)]
    vectors = [one.get_result().as_numpy("embedding") for one in running]
    for vector in vectors:
        np.testing.assert_allclose(vector, vectors[0], atol=1e-5)


def test_compressed_answers_are_optional_and_compressed_requests_refused(client):
    result = client.infer(NAME, [picture()], response_compression_algorithm="gzip")
    assert result.as_numpy("embedding").shape == (1, 256)
    with pytest.raises(InferenceServerException, match="gzip") as error:
        client.infer(NAME, [picture()], request_compression_algorithm="gzip")
    assert error.value.status() == "415"


@pytest.mark.parametrize(
    ("model", "version", "status"),
    [("nothing", "", "404"), (NAME, "1", "404")],
)
def test_models_that_are_not_there(client, model, version, status):
    with pytest.raises(InferenceServerException) as error:
        client.infer(model, [picture()], model_version=version)
    assert error.value.status() == status


def test_tensors_that_do_not_fit(client):
    wrong = http.InferInput("image", [1, 2], "INT8")
    wrong.set_data_from_numpy(np.zeros((1, 2), np.int8))
    with pytest.raises(InferenceServerException) as error:
        client.infer(NAME, [wrong])
    assert error.value.status() == "400"
