"""Where things lie."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODELS = HERE.parent
RESULTS = HERE / "results"
DATA = Path(os.environ.get("CORKBOARD_DATA", MODELS.parent.parent / "shared" / "data"))
sys.path.insert(0, str(MODELS))  # where `training` lies
