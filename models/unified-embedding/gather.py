"""Turns `runs.jsonl` files of `experiments.py` into the committed result files.

    python models/unified-embedding/gather.py $RUNS/runs.jsonl [more.jsonl]

Writes `results/claims.json`, `results/frontier.json` and `results/recipes.json`: per run its recipe and the means; a
later file's runs replace or join the earlier ones.
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
    """A run for the shipped model: before training, and along the way from start to end."""
    means = lambda one: {"float": one["summary"], "binary": one["binary"]}
    if "shares" in line:
        return {
            "recipe": line["recipe"],
            "start": means(line["start"]),
            "shares": {share: means(one) for share, one in line["shares"].items()},
        }
    return {
        "chosen": line["chosen"],
        "share": line["share"],
        "float model": means(line["float"]),
        "quantised": means(line),
    }


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
        name = "recipes" if group == "ship" else group
        (RESULTS / f"{name}.json").write_text(json.dumps(runs, indent=1) + "\n")
        print(f"{name}.json: {len(runs)} runs")


if __name__ == "__main__":
    main()
