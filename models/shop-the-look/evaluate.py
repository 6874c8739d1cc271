"""Evaluates the shipped detector, and two published ones, on the held-out pictures.

    python models/shop-the-look/evaluate.py $YOLOX_NANO_ONNX $FASTESTDET_ONNX

The int8 file runs on the engine (through `run-engine.ts`) and, to compare, on onnxruntime; the others on onnxruntime.
Average precision and recall by pycocotools, intervals by a bootstrap over pictures (1,000 draws, seed 0). Writes
`results/detection.json`.
"""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from annotations import Annotated, held_out
from categories import CATEGORIES, NUMBER, SHARED
from evaluation import CHECKED, OVERLAP, Found, average_precision, contained, from_coco_classes, from_levels, matches
from training.detection import IGNORED
from training.yolox import STRIDES, Levels, decode
from training.yolox_onnx import PARTS, level_names

FOLDER = Path(__file__).parent
DRAWS = 1000
FASTESTDET_SIDE, YOLOX_SIDE = 352, 416
COMPARED = {
    "clothing-co-parsing": ("bag",),
    "home-objects": ("appliance",),
    "coco-mini": SHARED,
}
"""Categories that detectors of COCO's classes know, too."""


def session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def ours(path: Path, pictures: list[tuple[np.ndarray, np.ndarray]]) -> list[Found]:
    model = session(path)
    names = [output.name for output in model.get_outputs()]
    result = []
    for pixels, place in pictures:
        outputs = dict(zip(names, model.run(None, {"image": pixels[None]})))
        result.append(from_levels(levels_of(outputs), place))
    return result


def levels_of(outputs: dict[str, np.ndarray]) -> Levels:
    """Outputs of our files, channels last, one picture -> levels as networks answer them."""
    names = level_names(len(outputs) // len(PARTS))
    return [tuple(torch.from_numpy(outputs[f"{part}{name}"]).permute(0, 3, 1, 2) for part in PARTS) for name in names]


def ours_on_engine(
    path: Path, pictures: list[tuple[np.ndarray, np.ndarray]], overlap: float = OVERLAP
) -> list[Found]:
    model = session(path)
    side = model.get_inputs()[0].shape[1]
    shapes = {output.name: (1, *output.shape[1:]) for output in model.get_outputs()}
    sizes = {name: int(np.prod(shape)) for name, shape in shapes.items()}
    with tempfile.TemporaryDirectory() as folder:
        np.stack([pixels for pixels, _ in pictures]).tofile(f"{folder}/pixels.bin")
        command = ["npx", "tsx", str(FOLDER / "run-engine.ts"), str(path), f"{folder}/pixels.bin", f"{folder}/outputs.bin"]
        subprocess.run(command, check=True, cwd=FOLDER.parents[1])
        rows = np.fromfile(f"{folder}/outputs.bin", np.float32).reshape(len(pictures), -1)
    assert rows.shape[1] == sum(sizes.values()) and side == pictures[0][0].shape[0]
    result = []
    for row, (_, place) in zip(rows, pictures):
        outputs, at = {}, 0
        for name, shape in shapes.items():
            outputs[name] = row[at : at + sizes[name]].reshape(shape)
            at += sizes[name]
        result.append(from_levels(levels_of(outputs), place, overlap=overlap))
    return result


def yolox(path: Path, pictures: list[tuple[np.ndarray, np.ndarray]]) -> list[Found]:
    """The published YOLOX-nano: objectness and classes come as probabilities."""
    model = session(path)
    result = []
    for pixels, place in pictures:
        x = pixels[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32)
        (raw,) = model.run(None, {"images": np.ascontiguousarray(x)})
        raw, levels, at = torch.from_numpy(raw), [], 0
        for stride in STRIDES:
            edge = pixels.shape[0] // stride
            part = raw[:, at : at + edge * edge].transpose(1, 2).unflatten(2, (edge, edge))
            levels.append((part[:, :4], part[:, 4:5], part[:, 5:]))
            at += edge * edge
        boxes, objectness, classes, _ = decode(levels)
        result.append(from_coco_classes(boxes[0], objectness[0], classes[0], place))
    return result


def fastestdet(path: Path, items: list[Annotated]) -> list[Found]:
    """FastestDet as its repository runs it: picture stretched to 352 × 352, score = objectness^0.6 · class^0.4."""
    model = session(path)
    name = model.get_inputs()[0].name
    result = []
    for item in items:
        image = item.image().resize((FASTESTDET_SIDE, FASTESTDET_SIDE), 2)
        x = np.asarray(image)[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32) / 255
        raw = torch.from_numpy(model.run(None, {name: np.ascontiguousarray(x)})[0])[0]  # [85, h, w]
        height, width = raw.shape[1:]
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        centre = torch.stack([(x + raw[1].tanh()) / width, (y + raw[2].tanh()) / height], -1).reshape(-1, 2)
        half = torch.stack([raw[3].sigmoid(), raw[4].sigmoid()], -1).reshape(-1, 2) / 2
        boxes = torch.cat([centre - half, centre + half], 1)
        objectness, classes = raw[0].flatten() ** 0.6, raw[5:].flatten(1).T ** 0.4
        result.append(from_coco_classes(boxes, objectness, classes, np.array([0, 0, 1, 1], np.float32)))
    return result


def coco_scores(items: list[Annotated], outputs: list[Found], checked: tuple[str, ...]) -> dict:
    """pycocotools: AP at 0.5, AP at 0.5..0.95, each category's, and recall at 0.5 with 100 detections."""
    truth = COCO()
    images, annotations, results = [], [], []
    numbers = [NUMBER[name] for name in checked]
    for index, (item, output) in enumerate(zip(items, outputs), 1):
        width, height = int(item.row["width"]), int(item.row["height"])
        scale = np.array([width, height, width, height])
        images.append({"id": index, "width": width, "height": height})
        for box, label in zip(item.boxes * scale, item.labels):
            for number in numbers if label == IGNORED else [label] if label in numbers else []:
                x0, y0, x1, y1 = map(float, box)
                annotations.append(
                    {
                        "id": len(annotations) + 1, "image_id": index, "category_id": int(number) + 1,
                        "bbox": [x0, y0, x1 - x0, y1 - y0], "area": (x1 - x0) * (y1 - y0),
                        "iscrowd": int(label == IGNORED),
                    }
                )  # fmt: skip
        for box, score, kind in zip(output.boxes * scale, output.scores, output.kinds):
            if kind in numbers:
                x0, y0, x1, y1 = map(float, box)
                results.append(
                    {"image_id": index, "category_id": int(kind) + 1, "bbox": [x0, y0, x1 - x0, y1 - y0], "score": float(score)}
                )
    truth.dataset = {
        "images": images,
        "annotations": annotations,
        "categories": [{"id": number + 1, "name": name} for number, name in zip(numbers, checked)],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        run = COCOeval(truth, truth.loadRes(results), "bbox")
        run.evaluate()
        run.accumulate()
    precision, found = run.eval["precision"], run.eval["recall"]  # [10, 101, K, area, detections], [10, K, ...]
    half, recalls = precision[0, :, :, 0, 2], found[0, :, 0, 2]
    mean = lambda values: round(100 * float(values[values > -1].mean()), 2)
    return {
        "mAP50": mean(half),
        "mAP50-95": mean(precision[:, :, :, 0, 2]),
        "recall50": mean(recalls),
        "objects": {name: sum(1 for one in annotations if one["category_id"] == NUMBER[name] + 1 and not one["iscrowd"]) for name in checked},
        "AP50": {name: mean(half[:, index]) for index, name in enumerate(checked) if (half[:, index] > -1).any()},
    }  # fmt: skip


def interval(items: list[Annotated], outputs: list[Found], checked: tuple[str, ...]) -> list[float]:
    """95 % of the mean AP at 0.5 over draws of as many pictures."""
    generator = np.random.default_rng(0)
    found = [matches(items, outputs, NUMBER[name]) for name in checked]
    means = []
    for _ in range(DRAWS):
        weights = np.bincount(generator.integers(len(items), size=len(items)), minlength=len(items)).astype(float)
        means.append(np.nanmean([average_precision(one, weights) for one in found]))
    return [round(100 * float(value), 2) for value in np.percentile(means, [2.5, 97.5])]


def scores(items: list[Annotated], outputs: list[Found], checked: tuple[str, ...]) -> dict:
    return {**coco_scores(items, outputs, checked), "interval": interval(items, outputs, checked)}


def at_threshold(items: list[Annotated], outputs: list[Found], checked: tuple[str, ...], least: float) -> dict:
    """Precision and recall over all checked categories of what the product shows by default."""
    found = [matches(items, outputs, NUMBER[name]) for name in checked]
    shown = sum((one.scores >= least).sum() for one in found)
    hits = sum((one.hits & (one.scores >= least)).sum() for one in found)
    total = sum(one.objects.sum() for one in found)
    return {"precision": round(100 * float(hits / max(shown, 1)), 2), "recall": round(100 * float(hits / total), 2)}


def main() -> None:
    yolox_path, fastestdet_path = map(Path, sys.argv[1:3])
    manifest = json.loads((FOLDER / "manifest.json").read_text())
    side, least = manifest["preprocess"]["width"], manifest["detection"]["score_threshold"]
    int8, fp32 = (FOLDER / manifest["files"][precision]["path"] for precision in ("int8", "fp32"))
    result: dict = {"revision": manifest["revision"], "categories": len(CATEGORIES)}
    for name, items in held_out().items():
        pictures = [contained(item.image(), side) for item in items]
        as_yolox = pictures if side == YOLOX_SIDE else [contained(item.image(), YOLOX_SIDE) for item in items]
        detectors = {
            "int8 on the engine": ours_on_engine(int8, pictures),
            "int8 on onnxruntime": ours(int8, pictures),
            "fp32": ours(fp32, pictures),
            "YOLOX-nano": yolox(yolox_path, as_yolox),
            "FastestDet": fastestdet(fastestdet_path, items),
        }
        parts = {name: range(len(items))}
        if name == "coco-mini":  # the published detectors were trained on COCO's train split
            parts["coco-mini, val"] = [index for index, item in enumerate(items) if item.row["split"] == "val"]
        for part, chosen in parts.items():
            some = [items[index] for index in chosen]
            result[part] = {"pictures": len(some), "all": {}, "shared": {}}
            for detector, outputs in detectors.items():
                theirs = [outputs[index] for index in chosen]
                if detector not in ("YOLOX-nano", "FastestDet"):
                    result[part]["all"][detector] = scores(some, theirs, CHECKED[name])
                if name in COMPARED:
                    result[part]["shared"][detector] = scores(some, theirs, COMPARED[name])
            result[part]["at threshold"] = {
                detector: at_threshold(some, [detectors[detector][index] for index in chosen], CHECKED[name], least)
                for detector in ("int8 on the engine", "fp32")
            }
            print(part, {key: {kind: one["mAP50"] for kind, one in result[part][key].items()} for key in ("all", "shared")}, flush=True)
    (FOLDER / "results").mkdir(exist_ok=True)
    (FOLDER / "results" / "detection.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
