"""Writes a model's `manifest.json` in the form that the product reads (src/runtime/manifest.ts)."""

import hashlib
import json
from pathlib import Path


DECISIVE = (
    "name", "input", "inputs", "preprocess", "output", "maps", "joint", "text", "item", "outputs", "detection",
    "compatibility", "content", "actions", "surfaces", "max_history", "max_candidates", "layers", "heads",
    "head_dimensions", "dimensions", "ranking",
)  # fmt: skip


def canonical(value) -> str:
    """JSON with sorted keys and no spaces, numbers as JavaScript prints them."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def revision(manifest: dict) -> str:
    """First 12 hex digits of the sha256 of what decides the model's answers."""
    source = {key: manifest[key] for key in DECISIVE if key in manifest}
    if "graphs" in manifest:
        graphs = manifest["graphs"]
        source["graphs"] = {key: {part: graph[part] for part in ("inputs", "outputs")} for key, graph in graphs.items()}
        files = {f"{key}.{precision}": file for key, graph in graphs.items() for precision, file in graph["files"].items()}
        files["start"] = manifest["start"]
    else:
        files = manifest["files"]
    source["files"] = {key: file["sha256"] for key, file in files.items()}
    if "text" in source:
        source["text"] = {**source["text"], "tokenizer": source["text"]["tokenizer"]["sha256"]}
    return hashlib.sha256(canonical(source).encode()).hexdigest()[:12]


def file_entry(path: Path) -> dict:
    data = path.read_bytes()
    return {"path": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def embedding_manifest(folder: Path, name: str, side: int, dimensions: int, files: dict[str, str], **about) -> dict:
    """Manifest of an embedding model; `about`: description, license, source, training, metrics, and `maps` if any.

    `maps`: name -> shape without the batch, of float32 feature maps that the model answers too.
    """
    maps = [
        {"name": key, "datatype": "FP32", "shape": [-1, *shape]} for key, shape in about.get("maps", {}).items()
    ]
    manifest = {
        "name": name,
        "revision": "",
        "task": "image-embedding",
        "description": about["description"],
        "license": about["license"],
        "source": about["source"],
        "input": {"name": "image", "datatype": "UINT8", "shape": [-1, side, side, 3]},
        "preprocess": {
            "width": side,
            "height": side,
            "fit": "stretch",
            "background": [255, 255, 255],
            "layout": "NHWC",
        },
        "output": {
            "name": "embedding",
            "datatype": "FP32",
            "shape": [-1, dimensions],
            "dimensions": dimensions,
            "prefixes": [],
            "normalized": True,
        },
        **({"maps": maps} if maps else {}),
        "files": {precision: file_entry(folder / path) for precision, path in files.items()},
        "training": about["training"],
        "metrics": about["metrics"],
    }
    manifest["revision"] = revision(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    return manifest
