"""The mean of several training runs' weights ("model soup", arXiv 2203.05482).

    python models/shop-the-look/average.py $YOLOX_NANO_ONNX $FOLDER run-0.pt run-1.pt ... averaged.pt

The runs begin with the same network and differ in their seed.
"""

import json
import sys
from pathlib import Path

import torch

from evaluation import quick_average_precision
from train import restored


def main() -> None:
    onnx_path, folder, *runs, output = map(Path, sys.argv[1:])
    saved = [torch.load(run, weights_only=True, map_location="cpu") for run in runs]
    state = {
        key: torch.stack([one["state"][key].double() for one in saved]).mean(0).to(value.dtype)
        for key, value in saved[0]["state"].items()
    }
    torch.save({**saved[0], "state": state, "averaged": len(saved)}, output)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = restored(output, onnx_path).to(device)
    print(json.dumps({"averaged": len(saved), "AP50": quick_average_precision(network, folder, device)}))


if __name__ == "__main__":
    main()
