"""Writes the ONNX files and the manifest from checkpoints.

    python models/shop-the-look/export.py $YOLOX_NANO_ONNX run.pt quantised.pt [side]
"""

import json
import sys
from pathlib import Path

import onnx
import torch

from categories import CATEGORIES, CHANNELS, FASHION, HOME
from train import restored
from training.activation_ranges import Quantisation
from training.manifest import file_entry, revision
from training.yolox import STRIDES, fold_batch_norm, restore_batch_norm
from training.yolox_onnx import PARTS, float_model, int8_model, level_names
from training.yolox_split import split_stem

FOLDER = Path(__file__).parent
NAME = "shop-the-look"
SCORE_THRESHOLD, IOU_THRESHOLD = 0.3, 0.6
DESCRIPTION = "Finds clothes, accessories and things of the home in a picture."
DATA = [
    "bearpaw/clothing-co-parsing@fe34fb77721a",
    "Arka-h/pot-curtain-toaster-object-detection-classes-dataset@b9ceea73aa12",
    "magento/magento2-sample-data@53807565ba9f",
]


def manifest(side: int, files: dict[str, str], metrics: dict) -> dict:
    names = level_names(len(STRIDES) * len(CHANNELS))
    levels = [(stride, channels) for channels in CHANNELS for stride in STRIDES]
    outputs = [
        {"name": f"{part}{name}", "datatype": "FP32", "shape": [-1, side // stride, side // stride, depth]}
        for name, (stride, channels) in zip(names, levels)
        for part, depth in zip(PARTS, (4, 1, len(channels)))
    ]
    result = {
        "name": NAME,
        "revision": "",
        "task": "object-detection",
        "description": DESCRIPTION,
        "license": "Apache-2.0",
        "source": "YOLOX-nano (Megvii, Apache-2.0), its COCO classes and a second branch trained on open pictures",
        "input": {"name": "image", "datatype": "UINT8", "shape": [-1, side, side, 3]},
        "preprocess": {"width": side, "height": side, "fit": "contain", "background": [114, 114, 114], "layout": "NHWC"},
        "outputs": outputs,
        "detection": {
            "categories": list(CATEGORIES),
            "groups": {"fashion": list(FASHION), "home": list(HOME)},
            "levels": [
                {
                    "stride": stride,
                    **{key: f"{part}{name}" for key, part in zip(("boxes", "objectness", "classes"), PARTS)},
                    "channels": list(channels),
                }
                for name, (stride, channels) in zip(names, levels)
            ],
            "score_threshold": SCORE_THRESHOLD,
            "iou_threshold": IOU_THRESHOLD,
        },
        "files": {precision: file_entry(FOLDER / path) for precision, path in files.items()},
        "training": {"data": DATA, "recipe": "models/shop-the-look/train.py"},
        "metrics": metrics,
    }
    result["revision"] = revision(result)
    return result


def main() -> None:
    teacher, trained, quantised = map(Path, sys.argv[1:4])
    side = int(sys.argv[4]) if len(sys.argv) > 4 else 416
    network = restored(trained, teacher)
    files = {"int8": f"{NAME}.int8.onnx", "fp32": f"{NAME}.fp32.onnx"}
    onnx.save(float_model(network, side, DESCRIPTION), FOLDER / files["fp32"])
    saved = torch.load(quantised, weights_only=True, map_location="cpu")
    fold_batch_norm(network)
    network = split_stem(network, saved["groups"])
    restore_batch_norm(network, torch.zeros(1, 3, 64, 64))  # only to have the places that the checkpoint fills
    network.load_state_dict(saved["state"])
    learned = {name: Quantisation(*values) for name, values in saved["quantisations"].items()}
    onnx.save(int8_model(network, learned, side, DESCRIPTION), FOLDER / files["int8"])
    measured = FOLDER / "results" / "metrics.json"
    metrics = json.loads(measured.read_text()) if measured.exists() else {}
    text = json.dumps(manifest(side, files, metrics), indent=2, ensure_ascii=False)
    (FOLDER / "manifest.json").write_text(text + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
