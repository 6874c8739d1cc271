"""Turns `runs.jsonl` files of `experiments.py` into the committed result files.

    python models/unified-embedding/gather.py $RUNS/runs.jsonl [more.jsonl]

Writes `results/claims.json`, `results/frontier.json` and `results/recipes.json`: per run its recipe and the means. Runs
of claims and frontier replace or join those already there; recipes are written anew.
"""

import json
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def slim(line: dict) -> dict:
    """A run without its per-benchmark figures, except Recall@1."""
    result = {key: line[key] for key in ("recipe", "seconds") if key in line}
    for key in ("summary", "binary"):
        if key in line:
            result[{"summary": "float", "binary": "binary"}[key]] = line[key]
    if "scores" in line:
        result["r1"] = {
            name: {form: one["r1"] for form, one in forms.items()} for name, forms in line["scores"].items()
        }
    return result


def recipes(line: dict) -> dict:
    """A run for the shipped model, or what was made of the runs: average, rotated, quantised."""
    means = lambda one: {"float": one["summary"], "binary": one["binary"]}
    if "chosen" in line:
        parts = {part: means(line[part]) for part in ("average", "rotated") if line[part]}
        return {"chosen": line["chosen"], **parts, "quantised": means(line)}
    start = {"start": means(line["start"])} if "start" in line else {}
    return {"recipe": line["recipe"], **start, "end": means(line)}


def main() -> None:
    groups: dict[str, dict] = {}
    for path in sys.argv[1:]:
        for text in Path(path).read_text().splitlines():
            line = json.loads(text)
            if "error" in line:
                raise SystemExit(f"{line['name']} failed:\n{line['error']}")
            group, name = line["name"].split("/", 1)
            groups.setdefault(group, {})[name] = recipes(line) if group == "ship" else slim(line)
    RESULTS.mkdir(exist_ok=True)
    for group, runs in groups.items():
        path = RESULTS / ("recipes.json" if group == "ship" else f"{group}.json")
        if group != "ship" and path.exists():
            runs = json.loads(path.read_text()) | runs
        path.write_text(json.dumps(runs, indent=1) + "\n")
        print(f"{path.name}: {len(runs)} runs")


if __name__ == "__main__":
    main()
