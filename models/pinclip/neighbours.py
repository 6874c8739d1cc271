"""Neighbour alignment: what PinCLIP's second loss does for items that were on no board in training.

    python models/pinclip/neighbours.py [--cache FOLDER] [--seeds 0 1 2]

L = L_IT + λ L_MM (arXiv 2603.03544): the sigmoid loss over images and texts, and the same loss over fused vectors of
items that random walks on the graph of items and boards lead to. The towers are the shipped ones, frozen; a small head
on their vectors learns, with λ = 0 and with λ > 0. An experiment on sets that may not shape shipped weights.
"""

import argparse
import contextlib
import functools
import itertools
import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "itemsage"), str(HERE.parent), str(HERE)]

from colours import NAMES, named
from features import cached, embed_pictures, embed_texts, manifest_of, opened, pinned, session
from pictures import UNWORN, masks
from training.shards import Picture, data_folder, pictures
from training.sigmoid_loss import SigmoidPairs

LOOK, WORDS, DIMENSIONS, PREFIXES = "pinclip", "pinclip-text", 256, (32, 64, 128, 256)
COLD, WATCHED = 0.2, 0.1  # shares of the items that test, and that choose the recipe
STEPS, RESTART, KEPT = 2_000, 0.5, 20  # of a walk from one item; most visited items that are its neighbours
SMALLEST_PIECE = 0.004  # of the picture's pixels
BATCH, HIDDEN, RATE, DECAY, SCALE_RATE = 256, 256, 1e-3, 0.1, 0.01
LAMBDAS, STOPS = (0.1, 0.3, 1.0, 3.0), (25, 50, 100, 200)  # steps after which to measure


def tell(*words) -> None:
    print(*words, file=sys.stderr, flush=True)


@dataclass
class Graph:
    """Items with the vectors of their picture and text [N, 256], and edges to boards."""

    images: torch.Tensor
    words: torch.Tensor
    lines: list[str]
    items: np.ndarray  # of each edge
    boards: np.ndarray


# The two graphs


def numbered(names: list[str]) -> tuple[list[str], np.ndarray]:
    place = {name: at for at, name in enumerate(dict.fromkeys(names))}
    return list(place), np.array([place[name] for name in names])


def rooms(cache: Path, workers: int) -> Graph:
    """ikea: products and the rooms that show them. Products in no room are left out: no walk comes to them."""
    lines = (data_folder() / "images" / "ikea" / "pairs.csv").read_text(encoding="utf8").split()[1:]
    found = {one.file: one for one in pictures("ikea", {"product"})}
    items, at = numbered([line.split(",")[0] for line in lines])
    _, boards = numbered([line.split(",")[1] for line in lines])
    products = [found[name] for name in items]
    texts = [f"{one.label}. {one.row['color']}. {one.row['text']}" for one in products]
    images = embed_pictures(LOOK, [(one, 0) for one in products], cache, workers)
    words = embed_texts(WORDS, texts, cache, workers)
    return Graph(torch.from_numpy(images), torch.from_numpy(words), texts, at, boards)


def outfits(cache: Path, workers: int) -> Graph:
    """clothing-co-parsing: pieces and the person who wears them.

    A piece is cut out along its mask and stands on white, and both shoes are one piece, so that no two pieces share a
    pixel. Its text is "<colour> <label>", the colour being the name of its median pixel.
    """
    folder = data_folder() / "images" / "clothing-co-parsing"
    labels = {int(key): name for key, name in json.loads((folder / "labels.json").read_text()).items()}
    mask_of, pieces, rgb = masks(), [], []
    for one in pictures("clothing-co-parsing"):
        mask = mask_of[Path(one.file).stem]
        pixels = np.asarray(opened(one))
        for number in np.unique(mask):
            inside = mask == number
            if labels.get(int(number), "null") not in UNWORN and inside.mean() >= SMALLEST_PIECE:
                pieces.append((one, int(number)))
                rgb.append(np.median(pixels[inside], axis=0))
    texts = [
        f"{NAMES[name]} {labels[number]}"
        for name, (_, number) in zip(named(torch.tensor(np.array(rgb))).tolist(), pieces)
    ]
    keys = [f"clothing-co-parsing/{one.file}/{labels[number]}#cut out" for one, number in pieces]
    manifest = manifest_of(LOOK)
    size = (manifest["preprocess"]["width"], manifest["preprocess"]["height"])

    def cut_out(one: Picture, number: int) -> np.ndarray:
        inside = mask_of[Path(one.file).stem] == number
        pixels = np.where(inside[..., None], np.asarray(opened(one)), 255).astype(np.uint8)
        (top, bottom), (left, right) = (np.flatnonzero(inside.any(axis))[[0, -1]] for axis in (1, 0))
        piece = Image.fromarray(pixels[top : bottom + 1, left : right + 1])
        return np.asarray(piece.resize(size, Image.Resampling.BILINEAR))

    def compute(_: list[int]) -> Callable:
        network = session(LOOK)
        return lambda rows: network.run(None, {"image": np.stack([cut_out(*pieces[row]) for row in rows])})[0]

    images = cached(cache / f"{pinned(LOOK)}.npz", keys, compute, workers)
    _, boards = numbered([one.file for one, _ in pieces])
    words = embed_texts(WORDS, texts, cache, workers)
    return Graph(torch.from_numpy(images), torch.from_numpy(words), texts, np.arange(len(pieces)), boards)


GRAPHS = {"rooms": rooms, "outfits": outfits}

# Walks


def adjacency(starts: np.ndarray, ends: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Offsets [count + 1] and neighbours of compressed sparse rows."""
    order = np.argsort(starts, kind="stable")
    return np.concatenate([[0], np.cumsum(np.bincount(starts, minlength=count))]), ends[order]


def visits(items: np.ndarray, boards: np.ndarray, count: int, seed: int) -> np.ndarray:
    """How often walks from each item (rows) come to every other, int32 [N, N]: src/graph/pixie.ts, all at once."""
    draw = np.random.default_rng(seed)
    from_items, from_boards = adjacency(items, boards, count), adjacency(boards, items, boards.max() + 1)
    starts = np.unique(items)
    result = np.zeros((count, count), np.int32)

    def pick(side: tuple[np.ndarray, np.ndarray], nodes: np.ndarray) -> np.ndarray:
        first, end = side[0][nodes], side[0][nodes + 1]
        return side[1][first + (draw.random(len(nodes)) * (end - first)).astype(np.int64)]

    place = starts
    for _ in range(STEPS):
        place = pick(from_boards, pick(from_items, place))
        result[starts, place] += 1
        place = np.where(draw.random(len(starts)) < RESTART, starts, place)
    np.fill_diagonal(result, 0)
    return result


def neighbours(graph: Graph, learned: np.ndarray, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The most visited items of each, in the graph without the edges of other than learned items: numbers [N, KEPT], -1
    where a walk comes to fewer, and visits [N, KEPT]."""
    edges = learned[graph.items]
    found = torch.from_numpy(visits(graph.items[edges], graph.boards[edges], len(graph.lines), seed)).float()
    best = found.topk(KEPT, 1)
    return best.indices.masked_fill(best.values == 0, -1), best.values


# The head


class Head(nn.Module):
    """Image and text vectors [N, 256] -> both again (`apart`), or one of both (`fused`). Starts at what ships."""

    def __init__(self):
        super().__init__()
        self.image, self.text = nn.Linear(DIMENSIONS, DIMENSIONS), nn.Linear(DIMENSIONS, DIMENSIONS)
        self.fuse = nn.Sequential(nn.Linear(2 * DIMENSIONS, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, DIMENSIONS))
        for layer in (self.image, self.text, self.fuse[-1]):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def apart(self, image: torch.Tensor, text: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return F.normalize(image + self.image(image), dim=1), F.normalize(text + self.text(text), dim=1)

    def fused(self, image: torch.Tensor, text: torch.Tensor, joint: bool = True) -> torch.Tensor:
        """`joint`: the fusion's loss may change the towers' maps too."""
        both = self.apart(image, text)
        both = both if joint else tuple(one.detach() for one in both)
        # Unit vectors have components of a sixteenth: the hidden layer should see ones.
        hidden = self.fuse(torch.cat(both, 1) * DIMENSIONS**0.5)
        return F.normalize(F.normalize(sum(both), dim=1) + hidden, dim=1)


def prefixed(pairs: SigmoidPairs, a: torch.Tensor, b: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Matryoshka: the mean of the loss over prefixes."""
    cut = lambda x, size: F.normalize(x[:, :size], dim=1)
    return sum(pairs(cut(a, size), cut(b, size), true) for size in PREFIXES) / len(PREFIXES)


@dataclass(frozen=True)
class Recipe:
    weight: float = 0.0  # λ
    joint: bool = True  # the neighbours' loss teaches the towers' maps too, not the fusion alone


def train(graph: Graph, learned: np.ndarray, near: tuple, recipe: Recipe, seed: int, at_stop: Callable) -> None:
    """`at_stop(step, head)` at each of STOPS. The same seed draws the same images and texts, whatever λ is."""
    ids, counts = near
    torch.manual_seed(seed)
    head, both, same = Head(), SigmoidPairs(), SigmoidPairs()
    scales = [*both.parameters(), *same.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": head.parameters(), "weight_decay": DECAY}, {"params": scales, "lr": SCALE_RATE, "weight_decay": 0}],
        lr=RATE,
    )
    draw, walk = (torch.Generator().manual_seed(seed + offset) for offset in (1, 2))
    _, line = numbered(graph.lines)
    line, learned = torch.from_numpy(line), torch.from_numpy(np.flatnonzero(learned))
    walked = learned[counts[learned].sum(1) > 0]
    for step in range(1, max(STOPS) + 1):
        rows = learned[torch.randperm(len(learned), generator=draw)[:BATCH]]
        image, text = head.apart(graph.images[rows], graph.words[rows])
        loss = prefixed(both, image, text, line[rows][:, None] == line[rows][None])
        if recipe.weight:
            rows = walked[torch.randperm(len(walked), generator=walk)[:BATCH]]
            ends = ids[rows].gather(1, torch.multinomial(counts[rows], 1, generator=walk))[:, 0]
            start = head.fused(graph.images[rows], graph.words[rows], recipe.joint)
            end = head.fused(graph.images[ends], graph.words[ends], recipe.joint)
            true = (ids[rows][..., None] == ends).any(1) | (rows[:, None] == ends)
            loss = loss + recipe.weight * prefixed(same, start, end, true)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step in STOPS:
            with torch.no_grad():
                at_stop(step, head)


# Figures


def together(graph: Graph) -> torch.Tensor:
    """bool [N, N]: share a board."""
    on = torch.zeros(len(graph.lines), int(graph.boards.max()) + 1)
    on[graph.items, graph.boards] = 1
    return (on @ on.T > 0) & ~torch.eye(len(on), dtype=torch.bool)


def found(scores: torch.Tensor, right: torch.Tensor) -> dict[str, float]:
    """scores, right [Q, G] -> of what is right for a query, the percentage among the first K; and whether any is in the
    first ten. Queries that nothing is right for are left out."""
    asked = right.any(1)
    scores, right = scores[asked], right[asked]
    hits = right.gather(1, scores.topk(50, 1).indices).float()
    share = {f"r{k}": (hits[:, :k].sum(1) / right.sum(1)).mean().item() for k in (10, 50)}
    return {**share, "any10": hits[:, :10].amax(1).mean().item(), "queries": len(right)}


def figures(graph: Graph, share: torch.Tensor, head: nn.Module, cold: np.ndarray, gallery: np.ndarray) -> dict:
    """`cold` and `gallery`: bool [N]. Neighbours of cold items by the fused vector, pictures of cold items by text."""
    (image, text), fused = head.apart(graph.images, graph.words), head.fused(graph.images, graph.words)
    queries, among = (torch.from_numpy(np.flatnonzero(which)) for which in (cold, gallery))
    itself = queries[:, None] == among[None]
    scores = (fused[queries] @ fused[among].T).masked_fill(itself, -2)
    near = found(scores, share[queries][:, among])
    _, line = numbered(graph.lines)
    line = torch.from_numpy(line)
    shown = (text[queries] @ image[among].T).topk(10, 1).indices
    # one of the pictures that the text describes word for word, as in evaluate.py
    words = (line[among][shown] == line[queries][:, None]).any(1).float().mean().item()
    return {"neighbours": percent(near), "text to image r10": round(100 * words, 2)}


def percent(values: dict) -> dict:
    return {key: value if key == "queries" else round(100 * value, 2) for key, value in values.items()}


def popular(graph: Graph, share: torch.Tensor, kept: np.ndarray, cold: np.ndarray) -> dict:
    """The items on most boards, whatever the query is."""
    degree = torch.from_numpy(np.bincount(graph.items[kept[graph.items]], minlength=len(kept))).float()
    queries = torch.from_numpy(np.flatnonzero(cold))
    scores = degree.expand(len(queries), -1).clone()
    scores[torch.arange(len(queries)), queries] = -1
    return percent(found(scores, share[queries]))


# The experiment


def parts(graph: Graph, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """bool [N] each: items that test, items that choose."""
    chance = np.random.default_rng(seed).random(len(graph.lines))
    return chance < COLD, (chance >= COLD) & (chance < COLD + WATCHED)


def run(graph: Graph, seed: int) -> dict:
    """Figures of the test items by variant; λ and the number of steps are chosen on other items."""
    began = time.time()
    tested, watched = parts(graph, seed)
    learned, everyone = ~(tested | watched), np.ones(len(tested), bool)
    near, share = neighbours(graph, learned, seed), together(graph)
    curve: dict[tuple[Recipe, int], tuple[dict, dict]] = {}

    def measure(head: nn.Module) -> tuple[dict, dict]:
        return figures(graph, share, head, watched, ~tested), figures(graph, share, head, tested, everyone)

    # λ means nothing to a fusion that is taught by one loss only
    alone, joint, held = [Recipe()], [Recipe(weight) for weight in LAMBDAS], [Recipe(1.0, joint=False)]
    for recipe in alone + joint + held:
        train(graph, learned, near, recipe, seed, lambda step, head: curve.update({(recipe, step): measure(head)}))
    by_words = lambda key: (curve[key][0]["text to image r10"], -key[1])
    by_neighbours = lambda key: (curve[key][0]["neighbours"]["r10"], -key[1])

    def best(recipes: list[Recipe], by: Callable) -> tuple[Recipe, int]:
        return max(itertools.product(recipes, STOPS), key=by)

    chosen = {
        "image × text": best(alone, by_words),
        "image × text, chosen by neighbours": best(alone, by_neighbours),
        "image × text + neighbours": best(joint, by_neighbours),
        "neighbours teach the fusion alone": best(held, by_neighbours),
    }
    chosen["image × text, steps as with neighbours"] = (Recipe(), chosen["image × text + neighbours"][1])
    with torch.no_grad():
        result = {"shipped vectors": {"figures": measure(Head())[1]}}
    result["popularity"] = {"figures": {"neighbours": popular(graph, share, learned, tested)}}
    for name, key in chosen.items():
        recipe, (on_watched, on_tested) = {**asdict(key[0]), "steps": key[1]}, curve[key]
        result[name] = {"recipe": recipe, "chosen by": on_watched, "figures": on_tested}
    for weight in LAMBDAS:
        key = best([one for one in joint if one.weight == weight], by_neighbours)
        result[f"λ = {weight}"] = {"recipe": {**asdict(key[0]), "steps": key[1]}, "figures": curve[key][1]}
    tell(f"  seed {seed}: {time.time() - began:.0f} s")
    return {"items": len(everyone), "learned": int(learned.sum()), "tested": int(tested.sum()), "variants": result}


KEYS = (("neighbours", "r10"), ("neighbours", "r50"), ("neighbours", "any10"), ("text to image r10",))


def summary(runs: list[dict]) -> dict:
    """Mean and standard deviation over the seeds of each figure of each variant."""
    result: dict = {}
    for name in runs[0]["variants"]:
        for path in KEYS:
            values = [one["variants"][name]["figures"] for one in runs]
            if path[0] in values[0]:
                for part in path:
                    values = [value[part] for value in values]
                entry = {"mean": round(float(np.mean(values)), 2), "deviation": round(float(np.std(values, ddof=1)), 2)}
                result.setdefault(name, {})[" ".join(path)] = entry
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=HERE / "cache", help="keeps vectors of pictures and texts")
    parser.add_argument("--graphs", nargs="+", choices=list(GRAPHS), default=list(GRAPHS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="two at least; of splits and walks")
    parser.add_argument("--workers", type=int, default=2, help="processes, of one thread each")
    parser.add_argument("--output", type=Path, default=HERE / "results" / "neighbours.json")
    arguments = parser.parse_args()
    began = time.time()
    arguments.output.parent.mkdir(exist_ok=True)
    result: dict = {"encoders": [pinned(LOOK), pinned(WORDS)]}
    for name in arguments.graphs:
        with contextlib.redirect_stdout(sys.stderr):
            graph = GRAPHS[name](arguments.cache, arguments.workers)
        with multiprocessing.get_context("fork").Pool(arguments.workers, torch.set_num_threads, (1,)) as pool:
            runs = pool.map(functools.partial(run, graph), arguments.seeds, chunksize=1)
        result[name] = {"seeds": arguments.seeds, "mean": summary(runs), "runs": runs}
        arguments.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
        tell(f"{name}, {time.time() - began:.0f} s:")
        for variant, values in result[name]["mean"].items():
            line = ", ".join(f"{key} {one['mean']} ± {one['deviation']}" for key, one in values.items())
            tell(f"  {variant}: {line}")


if __name__ == "__main__":
    main()
