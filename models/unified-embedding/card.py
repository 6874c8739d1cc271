"""Fills the tables of README.md from `results/*.json`: each stands between `<!-- NAME -->` and `<!-- /NAME -->`."""

import json
import re
from pathlib import Path

import numpy as np

from frontier import points
from tasks import TASKS

HERE = Path(__file__).parent


def result(name: str) -> dict:
    return json.loads((HERE / "results" / f"{name}.json").read_text())


def table(head: list[str], rows: list[list]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def spread(values: np.ndarray) -> str:
    """Mean over seeds, and their standard deviation."""
    return f"{values.mean():.1f}" + (f" ± {values.std(ddof=1):.1f}" if len(values) > 1 else "")


class Claims:
    """Runs of results/claims.json by name and seed."""

    def __init__(self):
        self.runs = result("claims")

    def seeds(self, name: str) -> list[int]:
        return sorted(int(run.rsplit("-", 1)[1]) for run in self.runs if run.rsplit("-", 1)[0] == name)

    def values(self, name: str, form: str, task: str) -> np.ndarray:
        return np.array([self.runs[f"{name}-{seed}"][form][task] for seed in self.seeds(name)])

    def text(self, name: str, form: str, task: str) -> str:
        return spread(self.values(name, form, task))

    def loss(self, name: str) -> float:
        """Points of mean Recall@1 that the sign code loses."""
        return float((self.values(name, "float", "mean") - self.values(name, "binary", "mean")).mean())


def unified(claims: Claims) -> str:
    names = {"unified": "unified", **{f"only-{task}": f"specialist: {task}" for task in TASKS}}
    return table(
        ["model", "seeds", *TASKS, "mean"],
        [
            [text, len(claims.seeds(name)), *[claims.text(name, "float", task) for task in (*TASKS, "mean")]]
            for name, text in names.items()
        ],
    )


def binary(claims: Claims) -> str:
    names = {
        "unified": 256,
        "bits-512": 512,
        "bits-1024": 1024,
        "bits-2048": 2048,
        "no-layer-norm": "256, no LayerNorm",
    }
    return table(
        ["dimensions = bits", "seeds", "float R@1", "binary R@1", "loss"],
        [
            [
                text,
                len(claims.seeds(name)),
                claims.text(name, "float", "mean"),
                claims.text(name, "binary", "mean"),
                f"{claims.loss(name):.1f}",
            ]
            for name, text in names.items()
        ],
    )


def proxies(claims: Claims) -> str:
    names = {"unified": "100 %", "proxies-0.25": "25 %", "proxies-0.1": "10 %"}
    return table(
        ["proxies drawn", "seeds", *TASKS, "mean"],
        [
            [text, len(claims.seeds(name)), *[claims.text(name, "float", task) for task in (*TASKS, "mean")]]
            for name, text in names.items()
        ],
    )


def parity() -> str:
    figures = result("parity")
    return table(
        [
            "file",
            "cosine to fp32, mean",
            "1st percentile",
            "least",
            "equal sign bits",
            "`map`: cosine of a region, mean",
            "of the mean region",
            "R@1 float",
            "R@1 binary",
        ],
        [
            [
                name,
                f"{one['cosine_mean']:.4f}",
                f"{one['cosine_p1']:.4f}",
                f"{one['cosine_min']:.4f}",
                f"{100 * one['same_sign_bits']:.1f} %",
                f"{one['region_cosine_mean']:.4f}",
                f"{one['mean_region_cosine_mean']:.4f}",
                f"{one['r1']['mean']:.1f}",
                f"{one['r1_binary']['mean']:.1f}",
            ]
            for name, one in ((name, figures[name]) for name in ("fp32", "fp16", "int8"))
        ],
    )


def sets() -> str:
    """Per set: shipped int8 and fp32, float and binary, against raw features, float and binary."""
    head = [
        "benchmark",
        "queries",
        "int8 R@1 (95 %)",
        "@5",
        "@10",
        "int8 binary R@1",
        "fp32 R@1",
        "raw R@1",
        "@5",
        "@10",
        "raw binary R@1",
    ]
    rows = []
    for name, one in result("sets")["benchmarks"].items():
        int8, raw = one["int8"]["float"], one["raw"]["float"]
        rows.append(
            [
                name,
                int8["queries"],
                f"**{int8['r1']:.1f}** ({int8['r1_low']:.0f}–{int8['r1_high']:.0f})",
                f"{int8['r5']:.1f}",
                f"{int8['r10']:.1f}",
                f"{one['int8']['binary']['r1']:.1f}",
                f"{one['fp32']['float']['r1']:.1f}",
                f"{raw['r1']:.1f}",
                f"{raw['r5']:.1f}",
                f"{raw['r10']:.1f}",
                f"{one['raw']['binary']['r1']:.1f}",
            ]
        )
    return table(head, rows)


def means() -> str:
    figures = result("sets")["means"]
    rows = []
    for model, text in (("int8", "shipped int8"), ("fp32", "shipped fp32"), ("raw", "raw features, 1280-d")):
        for form in ("float", "binary"):
            one = figures[model][form]
            rows.append([f"{text}, {form}", *[f"{one[key]:.1f}" for key in (*TASKS, "mean", "never trained")]])
    return table(["Recall@1", *TASKS, "mean of tasks", "never trained on"], rows)


def protocols() -> str:
    return table(
        ["benchmark", "task", "who asks, who answers"],
        [[name, one["task"] or "–", one["protocol"]] for name, one in result("sets")["benchmarks"].items()],
    )


def people() -> str:
    figures = result("sets")["zappos triplets, percent agreed"]
    return table(["model", "answers agreed with, %"], [[name, f"{value:.1f}"] for name, value in figures.items()])


def candidates() -> str:
    return table(
        [
            "backbone",
            "side",
            "parameters",
            "int8 MB",
            "engine ms",
            "ort int8 ms",
            "ort fp32 ms",
            "seeds",
            "R@1",
            "binary R@1",
        ],
        [
            [
                one["backbone"],
                one["side"],
                f"{one['parameters'] / 1e6:.1f} M",
                f"{one['int8_bytes'] / 1e6:.1f}",
                f"{one['engine']:.1f}",
                f"{one['int8']:.0f}",
                f"{one['fp32']:.0f}",
                len(one["r1"]),
                spread(one["r1"]),
                spread(one["binary"]),
            ]
            for one in points()
        ],
    )


RECIPES = {
    "float": "trained",
    "order-1": "trained, pictures in another order",
    "binary": "trained, with the losses on the sign code too (weight 0.5)",
}


def recipes() -> str:
    """Of each backbone: the start, each recipe along the way, and what was made of them."""
    rows = []
    for backbone, runs in result("recipes").items():
        row = lambda text, one, backbone=backbone: rows.append([backbone.removeprefix("efficientnet-"), text, *cells(one)])
        row("principal axes of ImageNet features, 256-d (where training starts)", runs["float"]["start"])
        for name, text in RECIPES.items():
            for share, one in runs[name]["shares"].items() if name in runs else ():
                row(text + ("" if share == "1.0" else f", weights {100 * float(share):.0f} % of the way"), one)
        made = runs["quantised"]
        if "average" in made:
            row("average of the two runs' weights", made["average"])
        if "rotated" in made:
            row("the average, rotated for the sign code", made["rotated"])
        shipped = backbone in json.loads((HERE / "manifest.json").read_text(encoding="utf8"))["source"].lower()
        row("after quantisation-aware training" + (": **shipped**" if shipped else ""), made["quantised"])
    head = ["backbone", "model", "R@1, tasks", "R@1, never trained on", "binary, tasks", "binary, never trained on"]
    return table(head, rows)


def rotations() -> str:
    rows = []
    for name, runs in result("rotations").items():
        rows.append([name, len(runs), *[spread(np.array([one[key] for one in runs])) for key in ("mean", "never trained")]])
    return table(["rotation", "starts", "binary R@1, tasks", "binary R@1, never trained on"], rows)


def cells(one: dict) -> list[str]:
    return [f"{one[form][key]:.1f}" for form in ("float", "binary") for key in ("mean", "never trained")]


def main() -> None:
    claims = Claims()
    parts = {
        "unified": unified(claims),
        "binary": binary(claims),
        "proxies": proxies(claims),
        "parity": parity(),
        "sets": sets(),
        "means": means(),
        "protocols": protocols(),
        "people": people(),
        "candidates": candidates(),
        "recipes": recipes(),
        "rotations": rotations(),
    }
    path = HERE / "README.md"
    text = path.read_text(encoding="utf8")
    for name, part in parts.items():
        text, count = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda match, part=part: f"{match[1]}\n{part}\n\n{match[2]}",
            text,
            flags=re.DOTALL,
        )
        if count != 1:
            raise SystemExit(f"README.md has {count} places for the table {name}")
    path.write_text(text, encoding="utf8")
    print("README.md: tables filled")


if __name__ == "__main__":
    main()
