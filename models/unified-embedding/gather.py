"""Turns `runs.jsonl` files of `experiments.py` into the committed result files.

    python models/unified-embedding/gather.py $RUNS/runs.jsonl [more.jsonl]

Writes `results/claims.json`, `results/frontier.json` and `results/recipes.json` (by backbone): per run its recipe and the
means. Runs replace or join those already there, recipes those of their backbone.
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
    """A run for the shipped model: before training and along the way to its end; or what was made of the runs."""
    means = lambda one: {"float": one["summary"], "binary": one["binary"]}
    if "shares" in line:
        return {
            "recipe": line["recipe"],
            "start": means(line["start"]),
            "shares": {share: means(one) for share, one in line["shares"].items()},
        }
    parts = {part: means(line[part]) for part in ("average", "rotated") if line.get(part)}
    return {"chosen": line["chosen"], "share": line["share"], **parts, "quantised": means(line)} | (
        {"rotation kept": line["rotation kept"]} if "rotated" in parts else {}
    )


def main() -> None:
    groups: dict[str, dict] = {}
    for path in sys.argv[1:]:
        for text in Path(path).read_text().splitlines():
            line = json.loads(text)
            if "error" in line:
                raise SystemExit(f"{line['name']} failed:\n{line['error']}")
            group, name = line["name"].split("/", 1)
            if group == "ship":
                backbone = line["backbone"] if "backbone" in line else line["recipe"]["backbone"]
                groups.setdefault("recipes", {}).setdefault(backbone, {})[name] = recipes(line)
            else:
                groups.setdefault(group, {})[name] = slim(line)
    for group, runs in groups.items():
        path = RESULTS / f"{group}.json"
        earlier = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(earlier | runs, indent=1) + "\n")
        print(f"{path.name}: {len(runs)} new or replaced, {len(earlier | runs)} in all")


if __name__ == "__main__":
    main()
