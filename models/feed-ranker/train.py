"""Trains the edge ranker, compares it and writes what ships: `python train.py EXAMPLES` (of examples.ts).

Writes feed-ranker.fp32.onnx, manifest.json, results/figures.json and results/parity.json. Minutes on one CPU core.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # where `training` lies

from examples import Examples, Split, load  # noqa: E402
from metrics import auc, calibration_error, hits, interval  # noqa: E402
from network import Ranker, graph  # noqa: E402
from training.manifest import file_entry, revision  # noqa: E402

NAME = "feed-ranker"
DESCRIPTION = "What somebody will do with each candidate of their feed, from a few similarities to what they did."
MODELS = {"logistic regression": (), "MLP 2×64": (64, 64)}
SHIPPED = "MLP 2×64"
SEEDS = 3
EPOCHS, PATIENCE = 60, 6
BATCH, RATE, DECAY = 1024, 2e-3, 1e-4
PARITY_ROWS = 64


def fit(split: Split, hidden: tuple[int, ...], seed: int) -> Ranker:
    """Binary cross-entropy, summed over actions; the epoch with the least on the people of `stop`."""
    torch.manual_seed(seed)
    features, actions = (torch.from_numpy(array) for array in (split.train.features, split.train.actions))
    mean, scale = features.mean(0), features.std(0).clamp(min=1e-3)
    model = Ranker(mean, scale, actions.shape[1], hidden)
    rate = actions.mean(0).clamp(1e-4, 1 - 1e-4)
    model.layers[-1].bias.data.copy_(torch.logit(rate))  # rare actions start out rare
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    loss = nn.BCEWithLogitsLoss()
    best, kept, waited = float("inf"), {}, 0
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(features)).split(BATCH):
            optimiser.zero_grad()
            loss(model(features[rows]), actions[rows]).backward()
            optimiser.step()
        with torch.no_grad():
            held = float(loss(model(torch.from_numpy(split.stop.features)), torch.from_numpy(split.stop.actions)))
        waited += 1
        if held < best:
            best, waited = held, 0
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        if waited > PATIENCE:
            break
    model.load_state_dict(kept)
    return model.eval()


def probabilities(model: Ranker, examples: Examples) -> np.ndarray:
    with torch.no_grad():
        return torch.sigmoid(model(torch.from_numpy(examples.features))).numpy()


def hit_rate(scores: np.ndarray, test: Examples, save: int) -> dict:
    found = hits(scores, test.actions[:, save], test.slate)
    return {"save_hit3": float(found.mean()), "interval": interval(found), "slates": len(found)}


def judged(name: str, found: list[np.ndarray], test: Examples, actions: list[str]) -> dict:
    """Means over seeds; `found`: probabilities [N, C] of each seed."""
    save = actions.index("save")
    rates = [hit_rate(one[:, save], test, save) for one in found]
    labels = test.actions
    aucs = {action: [auc(one[:, at], labels[:, at]) for one in found] for at, action in enumerate(actions)}
    return {
        "model": name,
        "save_hit3": float(np.mean([rate["save_hit3"] for rate in rates])),
        "save_hit3_seeds": [rate["save_hit3"] for rate in rates],
        "interval": rates[0]["interval"],
        "auc": {action: float(np.mean(values)) for action, values in aucs.items()},
        "auc_spread": {action: float(np.ptp(values)) for action, values in aucs.items()},
        "calibration": {
            action: {
                "error": float(np.mean([calibration_error(one[:, at], labels[:, at]) for one in found])),
                "predicted": float(np.mean([one[:, at].mean() for one in found])),
                "observed": float(labels[:, at].mean()),
            }
            for at, action in enumerate(actions)
        },
    }


def baselines(split: Split) -> list[dict]:
    """Orders that need no training: what the candidate was found by, and what everybody likes."""
    features, actions = split.about["features"], split.about["actions"]
    save, test = actions.index("save"), split.test
    random = np.random.default_rng(0).random(len(test))
    scores = {
        "chance": random,
        "popularity": test.log_popularity,
        "similarity alone": test.features[:, features.index("retrieval_similarity")],
        "similarity to the latest action": test.features[:, features.index("latest_similarity")],
        "largest similarity to the last ten": test.features[:, features.index("recent_similarity")],
    }
    return [
        {
            "model": name,
            **hit_rate(one, test, save),
            "auc": {action: auc(one, test.actions[:, at]) for at, action in enumerate(actions)},
        }
        for name, one in scores.items()
    ]


def export(model: Ranker, split: Split, metrics: dict) -> None:
    path = HERE / f"{NAME}.fp32.onnx"
    onnx.save(graph(model, DESCRIPTION), path)
    features, actions = split.about["features"], split.about["actions"]
    rows = split.test.features[:PARITY_ROWS]
    expected = probabilities(model, split.test)[:PARITY_ROWS]
    found = onnxruntime.InferenceSession(str(path)).run(None, {"features": rows})[0]
    worst = float(np.abs(found - expected).max())
    assert worst < 1e-6, worst
    write(HERE / "results" / "parity.json", {"features": rows.tolist(), "probabilities": expected.tolist()}, None)
    manifest = {
        "name": NAME,
        "revision": "",
        "task": "ranking",
        "description": DESCRIPTION,
        "license": "Apache-2.0",
        "source": "trained from scratch on what simulated people do in the showroom",
        "input": {"name": "features", "datatype": "FP32", "shape": [-1, len(features)]},
        "outputs": [{"name": "probabilities", "datatype": "FP32", "shape": [-1, len(actions)]}],
        "ranking": {"features": features, "actions": actions, "content": split.about["content"]},
        "files": {"fp32": file_entry(path)},
        "training": {
            "data": ["showroom logs, drawn by models/unipinrec/draw-logs.ts"],
            "recipe": f"models/{NAME}/train.py",
        },
        "metrics": metrics,
    }
    manifest["revision"] = revision(manifest)
    write(HERE / "manifest.json", manifest, 2)
    print(path.name, path.stat().st_size, "bytes, against PyTorch", worst)


def write(path: Path, value: dict, indent: int | None) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=indent, ensure_ascii=False) + "\n", encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("examples", type=Path)
    split = load(parser.parse_args().examples)
    torch.set_num_threads(1)
    rows = baselines(split)
    shipped = None
    for name, hidden in MODELS.items():
        models = [fit(split, hidden, seed) for seed in range(SEEDS)]
        found = [probabilities(model, split.test) for model in models]
        rows.append(judged(name, found, split.test, split.about["actions"]))
        if name == SHIPPED:
            shipped = models[0]
    for row in rows:
        print(row["model"], round(row["save_hit3"], 4), {k: round(v, 3) for k, v in row["auc"].items()}, flush=True)
    counts = {name: len(getattr(split, name)) for name in ("train", "stop", "test")}
    figures = {"examples": counts, "slates with a save": rows[0]["slates"], "rows": rows}
    write(HERE / "results" / "figures.json", figures, 2)
    own = next(row for row in rows if row["model"] == SHIPPED)
    metrics = {"showroom_save_hit3": round(own["save_hit3"], 4)}
    metrics |= {f"showroom_auc_{action}": round(value, 4) for action, value in own["auc"].items()}
    export(shipped, split, metrics)


if __name__ == "__main__":
    main()
