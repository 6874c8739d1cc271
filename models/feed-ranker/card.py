"""Fills the tables of README.md from results/figures.json: each stands between `<!-- NAME -->` and `<!-- /NAME -->`."""

import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
ACTIONS = ("click", "closeup", "save", "hide", "purchase")


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def ranking(figures: dict) -> str:
    rows = []
    for row in figures["rows"]:
        low, high = row["interval"]
        seeds = " ".join(f"{value:.3f}" for value in row.get("save_hit3_seeds", []))
        aucs = [f"{row['auc'][action]:.3f}" for action in ACTIONS]
        rows.append([row["model"], f"{row['save_hit3']:.3f} ({low:.3f}–{high:.3f})", seeds, *aucs])
    return table(["order by", "save Hit@3 (95 %)", "seeds", *[f"AUC {action}" for action in ACTIONS]], rows)


def calibration(figures: dict) -> str:
    rows = []
    for row in figures["rows"]:
        for action in ACTIONS if "calibration" in row else ():
            one = row["calibration"][action]
            rows.append(
                [row["model"], action, f"{one['predicted']:.4f}", f"{one['observed']:.4f}", f"{one['error']:.4f}"]
            )
    return table(["model", "action", "predicted", "observed", "calibration error"], rows)


def counts(figures: dict) -> str:
    one = figures["examples"]
    return (
        f"{one['train']:,} products of lists to learn from, {one['stop']:,} to stop by, {one['test']:,} to test on; "
        f"{figures['slates with a save']:,} tested lists have a save."
    )


def main() -> None:
    figures = json.loads((HERE / "results" / "figures.json").read_text(encoding="utf8"))
    path = HERE / "README.md"
    text = path.read_text(encoding="utf8")
    for make in (counts, ranking, calibration):
        name = make.__name__
        block = f"<!-- {name} -->\n\n{make(figures)}\n\n<!-- /{name} -->"
        text, found = re.subn(f"<!-- {name} -->.*?<!-- /{name} -->", lambda _: block, text, flags=re.DOTALL)
        assert found == 1, name
    path.write_text(text, encoding="utf8")


if __name__ == "__main__":
    main()
