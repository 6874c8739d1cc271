"""Collects runs of `experiments.py` and fills the tables of README.md: `python card.py [RUNS]`.

RUNS is the folder that `experiments.py` wrote; without it, tables are made anew from `results/*.json`. Each table
stands between `<!-- NAME -->` and `<!-- /NAME -->`.
"""

import argparse
import json
import re
from collections.abc import Iterable
from pathlib import Path
from statistics import mean

import slates
from experiments import RANKS
from paths import HERE, RESULTS

SETS = {"ml-1m": "ML-1M", "amazon-beauty": "Beauty", "ml-100k": "ML-100k", "showroom": "showroom"}
PUBLISHED = {
    "ml-1m": (
        ("SASRec, sampled softmax (published)", 0.2853, 0.1603),
        ("BERT4Rec (published)", 0.2843, 0.1537),
        ("HSTU (published)", 0.3097, 0.1720),
        ("HSTU-large (published)", 0.3294, 0.1893),
        ("SASRec+ full cross-entropy (published)", 0.3152, None),
        ("eSASRec (published)", 0.3133, 0.1772),
        ("FuXi-α (published)", 0.3164, 0.1813),
    ),
    "amazon-beauty": (
        ("SASRec, tuned (published)", 0.0921, 0.0531),
        ("TIGER (published)", 0.0648, 0.0384),
        ("HSTU (published)", 0.0788, 0.0439),
    ),
}
MODELS = {
    "unipinrec, valid learned": "**UniPinRec**, learned with the validation item",
    "sasrec, valid learned": "SASRec + cross-entropy (ours), learned with the validation item",
    "unipinrec": "**UniPinRec**",
    "sasrec": "SASRec + cross-entropy (ours)",
}
STAGES = {
    "joint": "**joint**",
    "ranking": "ranking only",
    "retrieval": "retrieval only",
    "frozen": "retrieval, frozen, head of actions",
    "fine-tuned": "retrieval, then fine-tuned for ranking",
}
RANKING = {"hit3": "save Hit@3", "precision3": "save precision@3", "auc_save": "save AUC", "recall10": "Recall@10"}
ACTION_AUCS = {f"auc_{name}": f"AUC {name}" for name in ("click", "closeup", "save", "hide", "purchase")}
BASELINES = {
    "popularity": "popularity",
    "latest item": "ItemSage similarity to the latest item liked",
    "mean of liked items": "ItemSage similarity to the mean of those liked",
}

Row = tuple[str, ...]


def collected(runs: Path) -> None:
    """`results/TABLE.json` of each table: set → variant → runs, by seed."""
    for table in RANKS:
        found: dict = {}
        for path in sorted((runs / table).glob("*/*.json")):
            variant = path.stem.rsplit("-", 1)[0]
            name = path.stem if table == "tuning" else variant
            found.setdefault(path.parent.name, {}).setdefault(name, []).append(json.loads(path.read_text()))
        if found:
            RESULTS.mkdir(exist_ok=True)
            text = json.dumps(found, indent=1, ensure_ascii=False)
            (RESULTS / f"{table}.json").write_text(text + "\n", encoding="utf8")


def read(name: str) -> dict:
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}


def spread(values: list[float], places: int = 4) -> str:
    """The mean, and half the distance between the extreme seeds."""
    text = f"{mean(values):.{places}f}"
    return f"{text} ±{(max(values) - min(values)) / 2:.{places}f}" if len(values) > 1 else text


def of(runs: list[dict], key: str) -> str:
    values = [run["test"][key] for run in runs if key in run["test"]]
    return spread(values) if values else "–"


def table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def retrieval() -> str:
    found, rows = read("retrieval"), []
    for data, published in PUBLISHED.items():
        for name, shown in MODELS.items():
            runs = found.get(data, {}).get(name)
            if runs:
                rows.append((SETS[data], shown, of(runs, "hr10"), of(runs, "ndcg10"), str(len(runs))))
        for name, hits, gain in published:
            rows.append((SETS[data], name, f"{hits:.4f}", f"{gain:.4f}" if gain else "–", ""))
    return table(("set", "model", "HR@10", "NDCG@10", "seeds"), rows)


def ranked(variants: Iterable[tuple[str, str, str, list[dict]]], columns: dict[str, str] = RANKING) -> str:
    rows = [
        (SETS[data], shown, *(of(runs, key) for key in columns), str(len(runs)))
        for data, _, shown, runs in variants
    ]
    return table(("set", "", *columns.values(), "seeds"), rows) if rows else "Not run."


def slates_of(name: str, shown: dict[str, str]) -> list[tuple[str, str, str, list[dict]]]:
    found = read(name)
    return [
        (data, variant, text, found[data][variant])
        for data in SETS
        for variant, text in shown.items()
        if variant in found.get(data, {})
    ]


def beside_joint(name: str, joint: str, shown: dict[str, str]) -> str:
    """Variants, each set's below the joint model that they are compared with."""
    found, lines = read("stages"), []
    for data in SETS:
        own = [one for one in slates_of(name, shown) if one[0] == data]
        if own and "joint" in found.get(data, {}):
            lines.append((data, "joint", joint, found[data]["joint"]))
        lines += own
    return ranked(lines)


def shipped() -> str:
    columns = {"recall10": "Recall@10", "hit3": "save Hit@3"} | ACTION_AUCS
    lines = []
    for data, variant, _, runs in slates_of("shipped", {"joint": ""}):
        best = max(runs, key=lambda run: slates.score(run["valid"], "joint"))
        lines.append((data, variant, f"**UniPinRec, shipped** (seed {best['recipe']['seed']})", [best]))
        lines.append((data, variant, "UniPinRec, all seeds", runs))
    figures = read("baselines").get("showroom", {})
    lines += [("showroom", name, shown, [{"test": figures[name]}]) for name, shown in BASELINES.items() if name in figures]
    return ranked(lines, columns)


TABLES = {
    "retrieval": retrieval,
    "stages": lambda: ranked(slates_of("stages", STAGES)),
    "forms": lambda: beside_joint(
        "forms", "**masked action modelling**", {"interleaved, equal tokens": "interleaved, equal tokens"}
    ),
    "masks": lambda: beside_joint("masks", "p = 0.2", {f"p {p}": f"p = {p}" for p in (0.0, 0.1, 0.3)}),
    "softmax": lambda: beside_joint("softmax", "full softmax", {"sampled": "sampled softmax, log Q"}),
    "shipped": shipped,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", type=Path, nargs="?")
    arguments = parser.parse_args()
    if arguments.runs:
        collected(arguments.runs)
    card = HERE / "README.md"
    text = card.read_text(encoding="utf8")
    for name, made in TABLES.items():
        fresh = f"<!-- {name} -->\n\n{made()}\n\n<!-- /{name} -->"
        text = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _: fresh, text, flags=re.DOTALL)
    card.write_text(text, encoding="utf8")


if __name__ == "__main__":
    main()
