"""Writes the card's tables and the manifest's metrics from `results/*.json`: python models/shop-the-look/card.py"""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
ENGINE, FP32 = "int8 on the engine", "fp32"
CATALOGUES = ("cut-outs", "changed cut-outs")
PLACES = (1, 5, 10)


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


def share(one: dict) -> str:
    low, high = one["interval"]
    between = f"{low:.1f}–{high:.1f}" if low >= 0 else f"{low:.1f} to {high:.1f}"
    return f"{one['value']:.1f} ({between})".replace("-", "−")


def growth(one: dict | None) -> str:
    """A relative gain in percent."""
    if one is None:
        return ""
    value, low, high = (f"{number:+.0f}".replace("-", "−") for number in (one["value"], *one["interval"]))
    return f"{value} % ({low} to {high})"


def places(one: dict) -> list[str]:
    return [share(one[f"hit@{place}"]) for place in PLACES]


def stages(outfits: dict) -> str:
    shown = [outfits[name] for name in CATALOGUES]
    rows = [[name, *(share(one["stages"][name]) for one in shown)] for name in shown[0]["stages"]]
    product = "**product**: detected × category right × gated P@1, true boxes"
    rows.append([product, *(share(one["product of the stages"]) for one in shown)])
    rows.append(["**measured end to end**, hit@1", *(share(one["end to end"]["hit@1"]) for one in shown)])
    return table(["stage, % (95 %)", *CATALOGUES], rows)


def steps(outfits: dict) -> str:
    rows = []
    for name in CATALOGUES:
        for way, one in outfits[name]["ladder"].items():
            rows.append([name, way, *places(one), growth(one.get("gain")), growth(one.get("gain over first"))])
        way = "whole picture, gated by the true category"
        rows.append([name, f"({way})", *places(outfits[name][way]), "", ""])
    heads = [f"hit@{place}" for place in PLACES]
    return table(["catalogue", "query", *heads, "hit@1 over the row above", "over the whole picture"], rows)


def gate(outfits: dict) -> str:
    rows = []
    for name in CATALOGUES:
        one = outfits[name]
        stage, crops, near = one["stages"], one["crops"], "by crops that overlap the garment"
        first, gain = "first product is a garment it shows", one["gate minus no gate"]
        for query, off, on, difference in (
            ("true boxes, true category", stage["P@1, true boxes"], stage["gated P@1, true boxes"], gain["true boxes"]),
            (near, one[f"{near}, not gated"]["hit@1"], one[near]["hit@1"], gain["crops that overlap the garment"]),
            ("any crop", one["end to end, not gated"]["hit@1"], one["end to end"]["hit@1"], gain["all crops"]),
        ):
            rows.append([name, f"garments found first: {query}", share(off), share(on), share(difference)])
        rows.append([name, "crops whose first product is a garment they show", share(crops[first]), share(crops[f"{first}, gated"]), ""])
    return table(["catalogue", "counted", "gate off", "gate on", "difference"], rows)


def crossover(outfits: dict) -> str:
    curves = [outfits[name]["crossover"] for name in CATALOGUES]
    accuracies = [accuracy for accuracy, _ in curves[0]["gated, by accuracy of the category"]]
    rows = [
        [name, f"{one['without gate']:.1f}", *(f"{hit:.1f}" for _, hit in one["gated, by accuracy of the category"]),
         share(one["accuracy at the crossing"])]
        for name, one in zip(CATALOGUES, curves)
    ]  # fmt: skip
    heads = [f"right in {100 * accuracy:.0f} %" for accuracy in accuracies]
    return table(["P@1, true boxes", "no gate", *heads, "crossing at"], rows)


def garments(outfits: dict) -> str:
    first, second = (outfits[name]["categories"] for name in CATALOGUES)
    rows = [
        [kind, *(one[key] for key in ("garments", "detected", "right category", "gated P@1, true boxes", "hit@1")),
         second[kind]["hit@1"]]
        for kind, one in first.items()
    ]  # fmt: skip
    heads = ["garments", "detected", "with its category", "gated P@1, true boxes", "hit@1", "hit@1, changed cut-outs"]
    return table(["category", *heads], rows)


def rooms(found: dict) -> str:
    rows = []
    for way, one in found["ways"].items():
        chance = [f"{one[f'chance@{place}']:.1f}" if f"chance@{place}" in one else "–" for place in PLACES]
        rows.append([way, *places(one), " / ".join(chance)])
    way = "gated by product type, where the category is shown"
    rows.append([way, *places(found[way]), "–"])
    return table(["query", *(f"hit@{place}" for place in PLACES), "by chance, at 1 / 5 / 10"], rows)


def furniture(found: dict) -> str:
    rows = [
        [kind, one["pairs"], one["products"], one["detected"],
         *(f"{one[f'hit@{place}']} ({one[f'chance@{place}']:.1f})" for place in PLACES), one["hit@10 of whole picture"]]
        for kind, one in found["categories"].items()
    ]  # fmt: skip
    tries = [f"hit@{place} (chance)" for place in PLACES]
    heads = ["pairs", "products", "category shown", *tries, "hit@10, whole room, no gate"]
    return table(["category", *heads], rows)


def main() -> None:
    read = lambda name: json.loads((FOLDER / "results" / f"{name}.json").read_text())
    detection, funnel = read("detection"), read("funnel")
    tables = {
        "sets": sets(detection),
        "categories": categories(detection),
        "threshold": threshold(detection),
        "latency": latency(read("latency")),
        "one-network": one_network(read("one-network")),
        "stages": stages(funnel["outfits"]),
        "ladder": steps(funnel["outfits"]),
        "gate": gate(funnel["outfits"]),
        "crossover": crossover(funnel["outfits"]),
        "garments": garments(funnel["outfits"]),
        "rooms": rooms(funnel["rooms"]),
        "furniture": furniture(funnel["rooms"]),
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
