"""Embeds the benchmarks' views and scores them, float and binary."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from benchmarks import Benchmark, full_collection
from tasks import TASKS
from training.retrieval import ranks, recall, signs
from views import View


@dataclass
class Views:
    """Packed views [M, S, S, 3] uint8, their order, and the benchmarks over them."""

    images: np.ndarray
    order: dict[View, int]
    benchmarks: list[Benchmark]


def load_views(folder: Path) -> Views:
    collection = full_collection()
    order = {view: index for index, view in enumerate(collection.all_views())}
    images = np.load(folder / "views.npy", mmap_mode="r")
    assert len(images) == len(order), "pack the pictures again"
    return Views(images, order, collection.benchmarks)


def score(vectors: np.ndarray, order: dict[View, int], benchmarks: list[Benchmark], binary: bool = True) -> dict:
    """Benchmark name -> {"float": recalls, "binary": recalls}; vectors [M, D]."""
    result = {}
    for one in benchmarks:
        queries = vectors[[order[view] for view in one.queries]]
        gallery = vectors[[order[view] for view in one.gallery]]
        forms = {"float": (queries, gallery)}
        if binary:
            forms["binary"] = (signs(queries), signs(gallery))
        result[one.name] = {form: recall(ranks(q, g, one.relevant, one.excluded)) for form, (q, g) in forms.items()}
    return result


def summary(scores: dict, benchmarks: list[Benchmark], form: str = "float") -> dict:
    """Mean Recall@1 of each task, over the tasks, and over the sets that were never trained on."""
    result = {
        task: float(np.mean([scores[one.name][form]["r1"] for one in benchmarks if one.task == task])) for task in TASKS
    }
    result["mean"] = float(np.mean([result[task] for task in TASKS]))
    unseen = [scores[one.name][form]["r1"] for one in benchmarks if one.task is None and one.name in scores]
    if unseen:
        result["never trained"] = float(np.mean(unseen))
    return {key: round(value, 2) for key, value in result.items()}


@torch.no_grad()
def embed(embedder, images: np.ndarray, side: int, device: torch.device, batch: int = 256) -> np.ndarray:
    """Views [M, S, S, 3] uint8 -> vectors [M, D], in bfloat16 on a GPU."""
    result = []
    for first in range(0, len(images), batch):
        x = torch.from_numpy(np.ascontiguousarray(images[first : first + batch])).to(device).permute(0, 3, 1, 2).float()
        if x.shape[2] != side:
            x = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True, align_corners=False)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            pooled = embedder.pooled(x)
        result.append(embedder.project(pooled).float().cpu().numpy())
    return np.concatenate(result)


def evaluate(embedder, views: Views, side: int, device: torch.device, held_out_only: bool = False) -> dict:
    """Scores of all benchmarks, or only of those that belong to a task."""
    benchmarks = [one for one in views.benchmarks if one.task] if held_out_only else views.benchmarks
    needed = sorted({views.order[view] for one in benchmarks for view in (*one.queries, *one.gallery)})
    vectors = embed(embedder, views.images[needed], side, device)
    order = {view: position for view, position in zip(views.order, np.searchsorted(needed, list(views.order.values())))}
    scores = score(vectors, order, benchmarks)
    return {"summary": summary(scores, benchmarks), "binary": summary(scores, benchmarks, "binary"), "scores": scores}
