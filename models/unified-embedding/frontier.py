"""Plots retrieval quality against milliseconds in workerd: `results/frontier.json` + `results/latency.json` -> frontier.png."""

import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

HERE = Path(__file__).parent
SUBJECTS = ("engine", "int8", "fp32")  # the engine; stock onnxruntime-web with the int8 and the fp32 graph
COLOURS = {
    "efficientnet-lite0": "#0b6e4f",
    "efficientnet-lite1": "#2f6fb0",
    "efficientnet-lite2": "#8a4fae",
    "mobilenet-v2": "#c2571a",
}


def points() -> list[dict]:
    """name, backbone, side, milliseconds, r1 and binary (one for each seed) of each candidate that has both figures."""
    runs = json.loads((HERE / "results" / "frontier.json").read_text())
    latency = {
        row["name"]: row["processor"] for row in json.loads((HERE / "results" / "latency.json").read_text())["rows"]
    }
    result = []
    for entry in json.loads((HERE / "candidates.json").read_text()):
        name = entry["name"]
        mine = [run for key, run in runs.items() if key.rsplit("-", 1)[0] == name]
        if mine and f"{name} engine" in latency:
            times = {subject: latency[f"{name} {subject}"] for subject in SUBJECTS}
            figures = {
                key: np.array([run[form]["mean"] for run in mine]) for key, form in (("r1", "float"), ("binary", "binary"))
            }
            result.append({**entry, **times, **figures})
    return result


def shipped() -> str:
    """Name of the candidate that the shipped files are made of."""
    manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf8"))
    return f"{manifest['source'].split(',')[0].lower()}-{manifest['preprocess']['width']}"


def main() -> None:
    figure, axes = plt.subplots(figsize=(7.2, 4.4), dpi=160)
    found = points()
    for backbone, colour in COLOURS.items():
        mine = sorted((one for one in found if one["backbone"] == backbone), key=lambda one: one["side"])
        if not mine:
            continue
        for subject, style in (("engine", "o-"), ("fp32", "o")):
            axes.plot(
                [one[subject] for one in mine],
                [one["r1"].mean() for one in mine],
                style,
                color=colour,
                markerfacecolor=colour if subject == "engine" else "none",
                label=backbone if subject == "engine" else None,
                markersize=6,
                linewidth=1.2,
            )
        for one in mine:
            if len(one["r1"]) > 1:
                axes.vlines(one["engine"], one["r1"].min(), one["r1"].max(), color=colour, linewidth=3, alpha=0.35)
            axes.annotate(
                f"{one['side']}" + ("  shipped" if one["name"] == shipped() else ""),
                (one["engine"], one["r1"].mean()),
                xytext=(5, -11),
                textcoords="offset points",
                fontsize=8,
                color=colour,
            )
    axes.plot([], [], "o", color="#555555", label="engine (filled), int8")
    axes.plot([], [], "o", color="#555555", markerfacecolor="none", label="onnxruntime-web (hollow), fp32")
    axes.plot([], [], "-", color="#555555", linewidth=3, alpha=0.35, label="least to greatest of three seeds")
    axes.set_xscale("log")
    axes.set_xlabel("processor milliseconds a picture in workerd, one thread (log scale)")
    axes.set_ylabel("Recall@1, mean of the three tasks, %")
    ticks = [tick for tick in (5, 7, 10, 15, 20, 30, 50, 70, 100, 150) if least(found) <= tick <= greatest(found)]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.margins(y=0.15)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=7, frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.02))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(HERE / "frontier.png")
    print(f"frontier.png: {len(found)} candidates")


def least(found: list[dict]) -> float:
    return min(one["engine"] for one in found) / 1.2


def greatest(found: list[dict]) -> float:
    return max(one["fp32"] for one in found) * 1.2


if __name__ == "__main__":
    main()
