"""Writes the card's tables and the manifest's metrics from `results/*.json`: python models/shop-the-look/card.py"""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
ENGINE, FP32 = "int8 on the engine", "fp32"


def table(head: list[str], rows: list[list]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def sets(result: dict) -> str:
    rows = []
    for name, one in result.items():
        if not isinstance(one, dict):
            continue
        for kind in ("all", "shared"):
            for detector, found in one[kind].items():
                low, high = found["interval"]
                what = f"{len(found['AP50'])} categories" if kind == "all" else f"{len(found['AP50'])} that COCO has"
                rows.append(
                    [f"{name} ({one['pictures']})", what, detector, f"{found['mAP50']:.1f} ({low:.1f}–{high:.1f})",
                     f"{found['mAP50-95']:.1f}", f"{found['recall50']:.1f}"]
                )  # fmt: skip
    return table(["pictures", "counted", "detector", "mAP50 (95 %)", "mAP50–95", "recall"], rows)


def categories(result: dict) -> str:
    rows = []
    for name in ("clothing-co-parsing", "home-objects", "coco-mini"):
        for kind, value in result[name]["all"][ENGINE]["AP50"].items():
            objects = result[name]["all"][ENGINE]["objects"][kind]
            rows.append([name, kind, objects, f"{value:.1f}", f"{result[name]['all'][FP32]['AP50'][kind]:.1f}"])
    return table(["pictures", "category", "objects", "AP50 int8", "AP50 fp32"], rows)


def threshold(result: dict) -> str:
    rows = []
    for name, one in result.items():
        if isinstance(one, dict):
            shown = one["at threshold"]
            rows.append([name] + [f"{shown[d][key]:.1f}" for d in (ENGINE, FP32) for key in ("precision", "recall")])
    return table(["pictures", "precision int8", "recall int8", "precision fp32", "recall fp32"], rows)


def latency(result: dict) -> str:
    rows = [[row["name"], row["median"], row["least"], row["ratio"]] for row in result["rows"]]
    return table(["", "ms, median", "ms, least", "÷ engine"], rows)


def one_network(result: dict) -> str:
    rows = [
        [name, *(f"{run['AP50'][part]['mean']:.1f}" for part in ("clothing-co-parsing", "home-objects", "coco-mini"))]
        for name, run in result["runs"].items()
    ]
    rows.append(["the published YOLOX-nano", "–", "–", f"{result['start']['coco-mini']:.1f}"])
    return table(["one network", "clothing-co-parsing", "home-objects", "coco-mini"], rows)


def main() -> None:
    read = lambda name: json.loads((FOLDER / "results" / f"{name}.json").read_text())
    detection = read("detection")
    tables = {
        "sets": sets(detection),
        "categories": categories(detection),
        "threshold": threshold(detection),
        "latency": latency(read("latency")),
        "one-network": one_network(read("one-network")),
    }
    card = FOLDER / "README.md"
    text = card.read_text(encoding="utf8")
    for name, value in tables.items():
        text = re.sub(rf"(<!-- {name} -->).*?(<!-- /{name} -->)", lambda m: f"{m[1]}\n\n{value}\n\n{m[2]}", text, flags=re.S)
    card.write_text(text, encoding="utf8")
    path = FOLDER / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf8"))
    manifest["metrics"] = {
        f"map50_{name.replace('-', '_').replace(', ', '_')}_{short}": one["all"][detector]["mAP50"]
        for name, one in detection.items()
        if isinstance(one, dict)
        for short, detector in (("int8", ENGINE), ("fp32", FP32))
    }
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
