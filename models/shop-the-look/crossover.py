"""Draws when a gate pays, from `results/funnel.json`: `python models/shop-the-look/crossover.py` -> `crossover.png`."""

import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

FOLDER = Path(__file__).parent
COLOURS = {"cut-outs": "#1f77b4", "changed cut-outs": "#d95f02"}


def main() -> None:
    outfits = json.loads((FOLDER / "results" / "funnel.json").read_text())["outfits"]
    figure, axes = plt.subplots(figsize=(6, 4), dpi=110)
    for name, colour in COLOURS.items():
        found = outfits[name]["crossover"]
        accuracies, hits = zip(*found["gated, by accuracy of the category"])
        axes.plot([100 * accuracy for accuracy in accuracies], hits, "o-", color=colour, label=f"{name}, gate on")
        axes.axhline(found["without gate"], color=colour, linestyle="--", label=f"{name}, gate off")
    detector = found["accuracy of the detector"]
    axes.axvspan(*detector["interval"], color="0.85", label="the detector's accuracy, 95 %")
    axes.axvline(detector["value"], color="0.5")
    axes.set(xlabel="accuracy of the gate's category, %", ylabel="P@1 of true boxes, %", xlim=(5, 102), ylim=(0, 90))
    axes.legend(fontsize=8, loc="upper left", framealpha=0.9)
    figure.tight_layout()
    figure.savefig(FOLDER / "crossover.png")


if __name__ == "__main__":
    main()
