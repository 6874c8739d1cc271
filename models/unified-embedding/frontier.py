"""Plots retrieval quality against milliseconds in workerd: `results/frontier.json` + `results/latency.json` -> frontier.png."""

import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = Path(__file__).parent
SHIPPED, BUDGET_MS = "efficientnet-lite0-224", 120
COLOURS = {
    "efficientnet-lite0": "#0b6e4f",
    "efficientnet-lite1": "#2f6fb0",
    "efficientnet-lite2": "#8a4fae",
    "mobilenet-v2": "#c2571a",
}


def points() -> list[dict]:
    """name, backbone, side, r1, int8 and fp32 milliseconds of each candidate that has both figures."""
    runs = json.loads((HERE / "results" / "frontier.json").read_text())
    latency = {
        row["name"]: row["processor"] for row in json.loads((HERE / "results" / "latency.json").read_text())["rows"]
    }
    result = []
    for entry in json.loads((HERE / "candidates.json").read_text()):
        name = entry["name"]
        if name in runs and f"{name} int8" in latency:
            times = {precision: latency[f"{name} {precision}"] for precision in ("int8", "fp32")}
            result.append({**entry, **times, "r1": runs[name]["float"]["mean"], "binary": runs[name]["binary"]["mean"]})
    return result


def main() -> None:
    figure, axes = plt.subplots(figsize=(7.2, 4.4), dpi=160)
    found = points()
    for backbone, colour in COLOURS.items():
        mine = sorted((one for one in found if one["backbone"] == backbone), key=lambda one: one["side"])
        if not mine:
            continue
        axes.plot(
            [one["int8"] for one in mine],
            [one["r1"] for one in mine],
            "o-",
            color=colour,
            label=backbone,
            markersize=7,
            linewidth=1.2,
        )
        axes.plot(
            [one["fp32"] for one in mine],
            [one["r1"] for one in mine],
            "o",
            color=colour,
            markerfacecolor="none",
            markersize=7,
        )
        for one in mine:
            label = f"{one['side']}" + ("  shipped" if one["name"] == SHIPPED else "")
            axes.annotate(
                label, (one["int8"], one["r1"]), xytext=(6, -12), textcoords="offset points", fontsize=8, color=colour
            )
    axes.axvline(BUDGET_MS, color="#999999", linestyle="--", linewidth=1)
    axes.text(
        BUDGET_MS - 1.5,
        0.03,
        "budget 120 ms",
        transform=axes.get_xaxis_transform(),
        fontsize=8,
        color="#666666",
        ha="right",
    )
    axes.plot([], [], "o", color="#555555", label="int8 (filled)")
    axes.plot([], [], "o", color="#555555", markerfacecolor="none", label="fp32 (hollow)")
    axes.set_xlabel("processor milliseconds a picture in workerd, onnxruntime-web, one thread")
    axes.set_ylabel("Recall@1, mean of the three tasks, %")
    axes.set_xlim(20, 190)
    axes.margins(y=0.15)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8, frameon=False, loc="lower left", bbox_to_anchor=(0.42, 0.12))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(HERE / "frontier.png")
    print(f"frontier.png: {len(found)} candidates")


if __name__ == "__main__":
    main()
