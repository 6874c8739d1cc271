"""The tables of the card, from the shipped files on onnxruntime: `results/*.json`.

    python models/pinclip/evaluate.py [--cache FOLDER]

Sets that no shipped weights were trained on: flickr1k, fashion-products, ikea, imagenet-samples, the held-out splits of
clothing and grocery. Magento's pictures and names were in training: its figures are of what was learned.
"""

import argparse
import functools
import io
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import imagenet
from pictures import GARMENTS
from scores import PREFIXES, cut, interval, recalls, unit
from space import sentences, teacher_texts
from training.shards import Picture, data_folder, jpeg, pictures
from training.text_tower import token_ids, tokenizer_of

MANIFEST = json.loads((HERE / "manifest.json").read_text())
SIDE = MANIFEST["preprocess"]["width"]


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def images(name: str, items: list[Picture], precision: str, cache: Path) -> np.ndarray:
    """Vectors [N, 256] of pictures; kept in the cache by revision."""
    path = cache / f"{MANIFEST['revision']}-{precision}-{name}.npy"
    if path.exists() and len(found := np.load(path)) == len(items):
        return found
    model = session(HERE / MANIFEST["files"][precision]["path"])
    result = np.empty((len(items), 256), np.float32)
    for at, item in enumerate(items):
        pixels = Image.open(io.BytesIO(jpeg(item))).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        result[at] = model.run(None, {"image": np.asarray(pixels)[None]})[0][0]
    np.save(path, result)
    print(f"{name} {precision}: {len(items)} pictures", flush=True)
    return result


@functools.cache
def text_tower():
    folder = HERE.parent / "pinclip-text"
    tokenizer = tokenizer_of(json.loads((folder / "tokenizer.json").read_text(encoding="utf8")))
    return tokenizer, session(folder / "pinclip-text.int8.onnx")


@functools.cache
def text(line: str) -> np.ndarray:
    tokenizer, model = text_tower()
    return model.run(None, {"input_ids": token_ids(tokenizer, [line]).numpy()})[0][0]


def texts(lines: list[str]) -> np.ndarray:
    return np.stack([text(line) for line in lines])


def titled() -> dict[str, tuple[list[Picture], list[list[str]]]]:
    """set -> (pictures, texts of each)."""
    captions = {}
    with open(data_folder() / "images" / "flickr1k" / "captions.jsonl", encoding="utf8") as file:
        for line in file:
            one = json.loads(line)
            captions[one["file"]] = one.get("captions") or one.get("text")
    flickr = pictures("flickr1k")
    fashion = pictures("fashion-products")
    ikea = [one for one in pictures("ikea", {"product"}) if one.row["text"]]
    magento = [one for one in pictures("magento") if one.row["name"] and one.row["view"] == "main"]
    return {
        "flickr1k": (flickr, [captions[one.file] for one in flickr]),
        "fashion-products": (fashion, [[one.row["text"]] for one in fashion]),
        "ikea": (ikea, [[f"{one.label}. {one.row['color']}. {one.row['text']}"] for one in ikea]),
        "magento": (magento, [[one.row["name"]] for one in magento]),
    }


def retrieval(cache: Path) -> dict:
    result = {}
    for name, (items, said) in titled().items():
        seen = images(name, items, "int8", cache)
        lines = [line for all_of in said for line in all_of]
        owner = [at for at, all_of in enumerate(said) for _ in all_of]
        of_line: dict[str, set[int]] = {}
        for line, at in zip(lines, owner):
            of_line.setdefault(line, set()).add(at)
        unique = list(of_line)
        words = texts(unique)
        place = {line: at for at, line in enumerate(unique)}
        back = [{place[line] for line in all_of} for all_of in said]
        result[name] = {
            "pictures": len(items),
            "text to image": recalls(words, seen, [of_line[line] for line in unique]),
            "image to text": recalls(seen, words, back),
            "prefixes": {
                size: recalls(cut(words, size), cut(seen, size), [of_line[line] for line in unique])["r10"]
                for size in PREFIXES
            },
        }
        print(name, json.dumps(result[name]), flush=True)
    return result


def plain(label: str) -> str:
    return label.replace("-", " ").lower()


def prompts(names: list[str]) -> list[str]:
    return [line for name in names for line in (name, f"a photo of a {name}")]


def zero_shot(cache: Path) -> dict:
    kinds = sorted(GARMENTS)
    grocery = pictures("grocery", {"test"})
    groceries = sorted({one.label for one in grocery})
    coarse = sorted({one.row["coarse"] for one in grocery})
    samples = pictures("imagenet-samples")
    clothing = [one for one in pictures("clothing", {"val"}) if one.label in GARMENTS]
    tasks = {
        "clothing, 17 kinds": (clothing, [kinds.index(one.label) for one in clothing], [prompts(GARMENTS[kind]) for kind in kinds]),
        "grocery, 81 kinds": (grocery, [groceries.index(one.label) for one in grocery], [prompts([plain(one)]) for one in groceries]),
        "grocery, 43 kinds": (grocery, [coarse.index(one.row["coarse"]) for one in grocery], [prompts([plain(one)]) for one in coarse]),
        "imagenet-samples, 1,000 kinds": (samples, [int(one.row["index"]) for one in samples], [imagenet.descriptions(index) for index in range(1000)]),
    }  # fmt: skip
    result = {}
    for name, (items, labels, lines) in tasks.items():
        found = {}
        classes = unit(np.stack([texts(of_class).mean(0) for of_class in lines]))
        teacher = unit(np.stack([teacher_texts(of_class).mean(0) for of_class in lines]))
        for precision in ("int8", "fp32"):
            seen = images(name.split(",")[0], items, precision, cache)
            order = np.argsort(-(seen @ classes.T), axis=1)
            hits = order[:, 0] == labels
            found[precision] = {
                "top1": round(100 * float(hits.mean()), 1), "interval": interval(hits),
                "top5": round(100 * float((order[:, :5] == np.array(labels)[:, None]).any(1).mean()), 1),
                "top1 with the large text encoder": round(100 * float(((seen @ teacher.T).argmax(1) == labels).mean()), 1),
                **{f"top1/{size}": round(100 * float(((cut(seen, size) @ cut(classes, size).T).argmax(1) == labels).mean()), 1) for size in PREFIXES[:-1]},
            }  # fmt: skip
            if precision == "int8":
                codes = np.rint(seen * 127 / np.abs(seen).max(1, keepdims=True))
                found["int8, vectors of 8 bits"] = {"top1": round(100 * float(((codes @ classes.T).argmax(1) == labels).mean()), 1)}
        result[name] = {"pictures": len(items), "chance": round(100 / len(lines), 2), **found}
        print(name, json.dumps(result[name]), flush=True)
    return result


def fused(cache: Path) -> dict:
    """Precision@10 of "<colour> <kind>" over fashion-products, by what items are embedded from."""
    items = pictures("fashion-products")
    seen = images("fashion-products", items, "int8", cache)
    titles = [one.row["text"] for one in items]
    said = texts(titles)
    told = lambda row: f"{row['baseColour'].lower()} {row['label'].lower()}"
    counts: dict[str, set[int]] = {}
    for at, one in enumerate(items):
        counts.setdefault(told(one.row), set()).add(at)
    queries = sorted(line for line, right in counts.items() if len(right) >= 10)
    # what is asked for must not stand in the title, or it were a search in strings
    rows = {"picture alone": (seen, texts(queries)), "title alone": (said, texts(queries)),
            "fused: picture and title": (unit(seen + said), texts(queries)),
            "title alone, large sentence encoder": (sentences(titles), sentences(queries))}  # fmt: skip
    result = {"queries": len(queries), "items": len(items)}
    for name, (gallery, asked) in rows.items():
        order = np.argsort(-(asked @ gallery.T), axis=1)[:, :10]
        right = np.array([np.mean([at in counts[line] for at in row]) for line, row in zip(queries, order.tolist())])
        result[name] = {"p10": round(100 * float(right.mean()), 1), "interval": interval(right)}
        print(name, result[name], flush=True)
    result["chance"] = round(100 * float(np.mean([len(counts[line]) / len(items) for line in queries])), 1)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cache", type=Path, default=HERE / "cache")
    cache = parser.parse_args().cache
    cache.mkdir(parents=True, exist_ok=True)
    (HERE / "results").mkdir(exist_ok=True)
    for name, run in (("zero-shot", zero_shot), ("retrieval", retrieval), ("fused", fused)):
        (HERE / "results" / f"{name}.json").write_text(json.dumps(run(cache), indent=1) + "\n")


if __name__ == "__main__":
    main()
