"""Where things lie."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODELS = HERE.parent
ROOT = MODELS.parent
RESULTS = HERE / "results"
sys.path.insert(0, str(MODELS))  # where `training` lies
