"""A real Triton on 127.0.0.1 for `test/triton/live.server.test.ts`, without a container.

The package `nvidia-pytriton` brings the server with its Python backend, but not ONNX Runtime's: the exported
configurations are served as they are, with `backend_model.py` in place of that backend. Needs `numpy<2`, for which
that backend was built, and `onnxruntime`.

    python test/triton/serve.py 18090
    TRITON_URL=http://127.0.0.1:18090 npx vitest run test/triton
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytriton

ROOT = Path(__file__).parents[2]
MODELS = "unified-embedding,pinclip-fusion,pinclip-text"
SERVER = Path(pytriton.__file__).parent / "tritonserver"
LIBRARIES = Path(pytriton.__file__).parents[1] / "nvidia_pytriton.libs"
STUB = "triton_python_backend_stub"


def write_repository(folder):
    command = ["npx", "tsx", "src/cli/corkboard.ts", "triton", "export"]
    options = ["-o", str(folder), "--models", MODELS, "--device", "cpu"]
    subprocess.run([*command, *options], cwd=ROOT, check=True)
    for config in folder.glob("*/config.pbtxt"):
        config.write_text(config.read_text().replace('backend: "onnxruntime"', 'backend: "python"'))
        for version in config.parent.glob("*/"):
            shutil.copy(Path(__file__).parent / "backend_model.py", version / "model.py")


def backend_folder(folder):
    python = folder / "python"
    shutil.copytree(SERVER / "backends" / "python", python)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    shutil.copy(SERVER / "python_backend_stubs" / version / STUB, python / STUB)
    return folder


def main(port):
    with tempfile.TemporaryDirectory() as temporary:
        repository = Path(temporary) / "repository"
        write_repository(repository)
        server = [
            str(SERVER / "bin" / "tritonserver"),
            f"--model-repository={repository}",
            f"--backend-directory={backend_folder(Path(temporary) / 'backends')}",
            "--http-address=127.0.0.1",
            f"--http-port={port}",
            "--allow-grpc=false",
            "--allow-metrics=false",
        ]
        paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LD_LIBRARY_PATH": str(LIBRARIES)}
        subprocess.run(server, check=True, env={**os.environ, **paths})


if __name__ == "__main__":
    main(sys.argv[1])
