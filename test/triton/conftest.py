"""A model repository as `corkboard triton export` writes it from the shipped models."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """Folder with a folder for each model."""
    folder = tmp_path_factory.mktemp("triton") / "repository"
    command = ["npx", "tsx", "src/cli/corkboard.ts", "triton", "export", "-o", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "npm_config_loglevel": "silent"})
    return folder
