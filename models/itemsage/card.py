"""Fills the tables of README.md from `results/*.json`: each stands between `<!-- NAME -->` and `<!-- /NAME -->`."""

import json
import re
from statistics import mean

from paths import HERE, RESULTS

REAL = ("fashion-products", "ikea", "magento")
SEEN = ("image: unified", "image: look", "title", "title, missing words", "attribute", "attribute, missing words")
HEADS = (
    "image → product, unified",
    "image → product, pinclip",
    "title words",
    "title words it lacks",
    "attributes",
    "attributes it lacks",
)
MODELS = {
    "transformer": "**transformer**",
    "transformer, no skip": "transformer without the mixture (the paper's form)",
    "concatenation": "MLP on the concatenation",
    "concatenation, no skip": "MLP on the concatenation, without the mixture",
    "pictures only": "transformer, pictures only",
    "texts only": "transformer, texts only",
    "mixture 1:1:1": "untrained mixture 1 : 1 : 1",
    "mixture": "untrained mixture 1 : 0.6 : 1.4",
    "look alone": "pinclip picture vector alone, untrained",
    "unified alone": "unified embedding alone, untrained",
    "texts alone": "text vectors alone, untrained",
}
TEXTS = {
    "transformer": "**text vectors and n-grams**",
    "no n-grams": "text vectors only",
    "no text vectors": "n-grams only",
    "no text vectors, no skip": "n-grams only, without the mixture",
}
TERMS = {
    "transformer": "**all three queries, both kinds of negatives**",
    "unified only": "unified queries only",
    "look only": "pinclip picture queries only",
    "text only": "text queries only",
    "batch negatives only": "negatives of the batch only",
    "random negatives only": "random negatives only",
    "no penalty": "no penalty on what is added to the mixture",
}
LONGER = ("transformer", "transformer, no skip", "concatenation", "concatenation, no skip")
# First less second, each with the file that it stands in.
PAIRS = {
    "transformer − MLP on the concatenation": ("claims/transformer", "claims/concatenation"),
    "the same without the mixture (the paper's form)": ("claims/transformer, no skip", "claims/concatenation, no skip"),
    "transformer − pictures only": ("claims/transformer", "claims/pictures only"),
    "transformer − texts only": ("claims/transformer", "claims/texts only"),
    "transformer − untrained mixture": ("claims/transformer", "claims/mixture"),
    "with n-grams − without": ("claims/transformer", "claims/no n-grams"),
    "all queries − unified only": ("claims/transformer", "terms/unified only"),
    "all queries − pinclip pictures only": ("claims/transformer", "terms/look only"),
    "all queries − texts only": ("claims/transformer", "terms/text only"),
    "both kinds of negatives − the batch's only": ("claims/transformer", "terms/batch negatives only"),
    "both kinds of negatives − random only": ("claims/transformer", "terms/random negatives only"),
    "four times the steps: transformer − MLP": ("longer/transformer", "longer/concatenation"),
    "the same without the mixture": ("longer/transformer, no skip", "longer/concatenation, no skip"),
}
POPULARITY_PAIRS = (
    ("logQ", "no logQ"),
    ("logQ, with random negatives", "no logQ, with random negatives"),
)
TASK_PAIRS = (
    ("all tasks, even", "clicks only"),
    ("all tasks, as they come", "clicks only"),
    ("all tasks, even", "purchases only"),
    ("all tasks, even", "all tasks, even, no logQ"),
    ("all tasks, even, no logQ", "clicks only, no logQ"),
    ("all tasks, even, no logQ", "purchases only, no logQ"),
)
MISSING = {
    "": "everything",
    ", missing words": "without the words of the query",
    ", no texts": "pictures only",
    ", no pictures": "texts only",
}


def result(name: str) -> dict:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf8"))


def table(head: list[str], rows: list[list]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def over_sets(one: dict, key: str) -> float:
    return mean(one[name][key] for name in REAL)


def around(values: list[float]) -> str:
    """Mean over the seeds, and how far they lie apart."""
    text = f"{mean(values):.1f}"
    return text if len(values) < 2 else f"{text} ±{(max(values) - min(values)) / 2:.1f}"


def apart(first: list[float], second: list[float]) -> str:
    """First less second, seed by seed: mean, least and most; bold where all seeds have the same sign."""
    found = [a - b for a, b in zip(first, second, strict=True)]
    text = f"{mean(found):+.1f} ({min(found):+.1f} … {max(found):+.1f})".replace("-", "−")
    return f"**{text}**" if min(found) > 0 or max(found) < 0 else text


def spread(runs: list[dict], key: str) -> str:
    return around([over_sets(run, key) for run in runs])


def comparison(names: dict[str, str], *files: str) -> str:
    found = {name: runs for file in files for name, runs in result(file).items()}
    rows = [[text, *(spread(found[name], key) for key in SEEN)] for name, text in names.items() if name in found]
    return table(["", *HEADS], rows)


def differences() -> str:
    def values(place: str, key: str) -> list[float]:
        file, name = place.split("/", 1)
        return [over_sets(run, key) for run in result(file)[name]]

    rows = [
        [text, *(apart(values(first, key), values(second, key)) for key in SEEN)]
        for text, (first, second) in PAIRS.items()
    ]
    return table(["", *HEADS], rows)


def longer() -> str:
    names = {name: MODELS[name].strip("*") for name in LONGER}
    return comparison(names, "longer")


def by_set() -> str:
    found, rows = result("claims"), []
    for name in ("transformer", "concatenation", "pictures only", "texts only", "mixture"):
        for source in REAL:
            figures = [f"{mean(run[source][key] for run in found[name]):.1f}" for key in SEEN]
            rows.append([MODELS[name].strip("*"), source, *figures])
    return table(["", "set", *HEADS], rows)


def shipped() -> str:
    rows = []
    for source, found in result("shipped").items():
        for name, figures in found.items():
            if name not in ("products", "unified alone"):
                text = "**itemsage**" if name == "itemsage" else name
                rows.append([source, found["products"], text, *(f"{figures[key]:.1f}" for key in SEEN if key in figures)])
    return table(["set", "products", "", *HEADS], rows)


def missing() -> str:
    rows = []
    for source in ("fashion-products", "ikea"):
        found = result("shipped")[source]
        for suffix, text in MISSING.items():
            cells = []
            for key in ("image: look", "title", "attribute"):
                ours, plain = (found[name].get(f"{key}{suffix}") for name in ("itemsage", "mixture 1 : 0.6 : 1.4"))
                cells.append("–" if ours is None else f"{ours:.1f} ({plain:.1f})")
            rows.append([source, text, *cells])
    return table(["set", "what is known of the products", "pinclip image", "title words", "attributes"], rows)


def with_pairs(found: dict[str, list[dict]], keys: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> list[list]:
    """Rows of a table: each model, then the differences of some."""
    rows = [[name, *(around([run[key] for run in runs]) for key in keys)] for name, runs in found.items()]
    for pair in pairs:
        columns = [[[run[key] for run in found[name]] for name in pair] for key in keys]
        rows.append([" − ".join(pair), *(apart(*column) for column in columns)])
    return rows


def popularity() -> str:
    head = ["", "head (most popular tenth)", "tail (less popular half)", "all, each once", "all, as often as drawn"]
    return table(head, with_pairs(result("popularity"), ("head", "tail", "all", "demand"), POPULARITY_PAIRS))


def tasks() -> str:
    found = result("tasks")
    keys = ("click", "save", "cart", "purchase", "click, head", "click, others")
    counts = found["untrained mixture"][0]["actions"]
    head = [f"{key} ({counts[key]})" if key in counts else key for key in keys]
    return table(["trained on", *head], with_pairs(found, keys, TASK_PAIRS))


def latency() -> str:
    found = result("latency")
    names = {"model": "model in workerd, onnxruntime-web", "ngrams": "n-grams of four long texts, Node"}
    return table(["", "ms", "least"], [[names[row["name"]], row["ms"], row["least"]] for row in found["rows"]])


# Each table with the results that it is made of.
TABLES = {
    "claims": (lambda: comparison(MODELS, "claims"), ["claims"]),
    "sets": (by_set, ["claims"]),
    "texts": (lambda: comparison(TEXTS, "claims"), ["claims"]),
    "terms": (lambda: comparison(TERMS, "claims", "terms"), ["claims", "terms"]),
    "longer": (longer, ["longer"]),
    "differences": (differences, ["claims", "terms", "longer"]),
    "popularity": (popularity, ["popularity"]),
    "tasks": (tasks, ["tasks"]),
    "shipped": (shipped, ["shipped"]),
    "missing": (missing, ["shipped"]),
    "latency": (latency, ["latency"]),
}


def part(name: str) -> str:
    make, files = TABLES[name]
    missing = [file for file in files if not (RESULTS / f"{file}.json").exists()]
    return f"*Not run yet: `python experiments.py $CACHE {' '.join(missing)}`.*" if missing else make()


def main() -> None:
    path = HERE / "README.md"
    text = path.read_text(encoding="utf8")
    for name in TABLES:
        made = part(name)
        text, count = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda match, made=made: f"{match[1]}\n{made}\n\n{match[2]}",
            text,
            flags=re.DOTALL,
        )
        if count != 1:
            raise SystemExit(f"README.md has {count} places for the table {name}")
    path.write_text(text, encoding="utf8")
    print("README.md: tables filled")


if __name__ == "__main__":
    main()
