"""Which backbone gets the long runs for the shipped model, by a rule that was fixed before the short ones.

    python models/unified-embedding/choice.py [$RUNS/runs.jsonl]

Figures: mean Recall@1 of the tasks after the frontier's recipe, over the seeds, from `results/frontier.json` and the
file. Smallest backbone first; a larger one replaces the choice so far if its mean is higher by more than two standard
errors of the difference, the seeds' spread pooled over the backbones: a gain that the seeds could explain is not worth
milliseconds. What the long runs say decides in the end (README.md).
"""

import json
import sys
from pathlib import Path

import numpy as np

CANDIDATES = ("efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2")  # by parameters and milliseconds
SIDE = 224


def figures(runs: dict) -> dict[str, np.ndarray]:
    """Backbone -> mean Recall@1 of the tasks, one for each seed."""
    return {
        name: np.array([run["float"]["mean"] for key, run in runs.items() if key.rsplit("-", 1)[0] == f"{name}-{SIDE}"])
        for name in CANDIDATES
    }


def choose(found: dict[str, np.ndarray]) -> str:
    spread = np.sqrt(np.mean([values.var(ddof=1) for values in found.values()]))
    chosen, *larger = CANDIDATES
    for name in larger:
        error = spread * np.sqrt(1 / len(found[name]) + 1 / len(found[chosen]))
        if found[name].mean() - found[chosen].mean() > 2 * error:
            chosen = name
    return chosen


def main() -> None:
    runs = json.loads((Path(__file__).parent / "results" / "frontier.json").read_text())
    for path in sys.argv[1:]:
        for line in map(json.loads, Path(path).read_text().splitlines()):
            if line["name"].startswith("frontier/") and "error" not in line:
                runs[line["name"].removeprefix("frontier/")] = {"float": line["summary"]}
    found = figures(runs)
    for name, values in found.items():
        print(f"{name}: {values.mean():.2f} of {values}", file=sys.stderr)
    print(choose(found))


if __name__ == "__main__":
    main()
