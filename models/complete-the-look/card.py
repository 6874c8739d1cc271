"""Fills the tables of README.md from `results/*.json`: each stands between `<!-- NAME -->` and `<!-- /NAME -->`."""

import json
import re
from pathlib import Path

HERE = Path(__file__).parent
TEXTS = {
    "popularity": "popularity of the product's label",
    "raw: pooled": "raw: pooled map, 320-d, cosine",
    "raw: features": "raw: pooled features, 1280-d, cosine",
    "raw: embedding": "raw: unified embedding, 256-d, cosine",
    "siamese": "Siamese (one linear layer, contrastive loss)",
    "global": "global only",
    "global, 1280 channels": "global only, from 1280 channels",
    "local": "local only, category attention",
    "uniform": "global and local, uniform attention",
    "full": "**global and local, category attention**",
}


def result(name: str) -> dict:
    return json.loads((HERE / "results" / f"{name}.json").read_text())


def table(head: list[str], rows: list[list]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def binary(one: dict) -> str:
    return f"{one['binary']:.1f} ({one['low']:.1f}–{one['high']:.1f})"


def gain(one: dict) -> str:
    if "full_gains" not in one:
        return ""
    mean, low, high = one["full_gains"]
    return f"{mean:+.1f} ({low:+.1f} … {high:+.1f})"


def claims() -> str:
    models = result("claims")["models"]
    return table(
        ["model", "binary accuracy, % (95 %)", "folds", "full − model", "top-1", "top-5", "top-10"],
        [
            [
                text,
                binary(models[name]["main"]),
                " ".join(f"{value:.1f}" for value in models[name]["main"]["folds"]),
                gain(models[name]["main"]),
                *[f"{models[name]['main'][f'top{k}']:.1f}" for k in (1, 5, 10)],
            ]
            for name, text in TEXTS.items()
            if name in models
        ]
        + [["chance", "50.0", "", "", *[f"{models['full']['main'][f'chance{k}']:.1f}" for k in (1, 5, 10)]]],
    )


def leak() -> str:
    models = result("claims")["models"]
    names = {"full": "product removed", "full, trained on whole scenes": "product left in"}
    return table(
        ["trained with", "tested: product removed", "tested: product left in"],
        [
            [text, binary(models[name]["main"]), binary(models[name]["whole scenes"])]
            for name, text in names.items()
            if name in models
        ],
    )


def photographs() -> str:
    models = result("claims")["models"]
    names = ("raw: pooled", "raw: embedding", "siamese", "global", "full")
    return table(
        ["model", "cut out on white", "changed at random", "plain box"],
        [
            [TEXTS[name], *[binary(models[name][test]) for test in ("main", "changed products", "boxes")]]
            for name in names
            if name in models
        ],
    )


def categories() -> str:
    found = result("claims")["models"]["full"]["main"]["categories"]
    return table(list(found), [[f"{value:.1f}" for value in found.values()]])


def shipped() -> str:
    rows = []
    for name, one in result("shipped").items():
        if not isinstance(one, dict) or "head" not in one:
            continue
        top = f"{one['head']['top10']:.1f} ({one['head']['chance10']:.1f})"
        rows.append(
            [name, one["head"]["pairs"], *[binary(one[key]) for key in ("head", "raw pooled", "raw embedding")], top]
        )
    return table(["test", "pairs", "shipped head", "raw: pooled map", "raw: embedding", "head's top-10 (chance)"], rows)


def rooms() -> str:
    names = {"raw": "raw: pooled map", "global": "global only", "full": "global and local, category attention"}
    found = result("rooms")
    return table(
        ["model", "pairs", "binary accuracy, % (95 %)", "top-1 (chance)"],
        [
            [
                text,
                found[name]["pairs"],
                binary(found[name]),
                f"{found[name]['top1']:.1f} ({found[name]['chance1']:.1f})",
            ]
            for name, text in names.items()
        ],
    )


def category_head() -> str:
    rows = []
    for name, one in json.loads((HERE / "category-head.json").read_text())["held_out"].items():
        half = one["least probability"]["0.7"]
        rows.append(
            [name, one["pictures"], one["accuracy"], one["macro"], half["answered"], half["right of answered"]]
            + [one["foreign"], half["foreign answered"] if one["foreign"] else "–"]
        )
    return table(
        [
            "pictures of",
            "with a category",
            "right, %",
            "mean of categories",
            "p ≥ 0.7: answered",
            "right of these",
            "without a category",
            "of these p ≥ 0.7",
        ],
        rows,
    )


def main() -> None:
    parts = {
        "claims": claims(),
        "leak": leak(),
        "photographs": photographs(),
        "categories": categories(),
        "shipped": shipped(),
        "rooms": rooms(),
        "category-head": category_head(),
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
