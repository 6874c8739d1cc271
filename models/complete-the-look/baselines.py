"""What compatibility is measured against: raw features, a Siamese network, popularity."""

from collections import Counter
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F

from dataset import Pairs
from network import DIMENSIONS
from train import Recipe, batch_of

RAW = {"pooled": "320 channels of the map, pooled", "features": "1280 pooled features", "embedding": "256-d embedding"}
CONTRASTIVE_MARGIN = 1.0


def unit(x: np.ndarray) -> np.ndarray:
    x = x.astype(np.float32)
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def vectors(data: Pairs, kind: str, name: str, view: int, rows: np.ndarray) -> np.ndarray:
    """Raw vectors [n, D] of scenes, whole scenes or products."""
    return data.features(kind, name)[view, data.rows_of(kind, rows)].astype(np.float32)


def siamese(data: Pairs, rows: np.ndarray, recipe: Recipe) -> torch.nn.Linear:
    """One linear layer for scenes and products, contrastive loss on distances of unit vectors (as in the paper's
    baseline after Veit et al., arXiv 1509.07473)."""
    torch.manual_seed(recipe.seed)
    draw = np.random.default_rng(recipe.seed)
    layer = torch.nn.Linear(data.pooled["product"].shape[-1], DIMENSIONS)
    optimiser = torch.optim.AdamW(layer.parameters(), recipe.rate, weight_decay=recipe.decay)
    category, photo = torch.from_numpy(data.category), torch.from_numpy(data.photo)
    for _ in range(recipe.epochs):
        order = draw.permutation(rows)
        for at in range(0, len(rows) - recipe.batch + 1, recipe.batch):
            chosen = order[at : at + recipe.batch]
            _, scenes, shown = batch_of(data, replace(recipe, mode="global"), chosen, draw)
            distance = (2 - 2 * F.normalize(layer(scenes), dim=1) @ F.normalize(layer(shown), dim=1).T).clamp(min=0)
            kinds, where = category[chosen], photo[chosen]
            rival = (kinds[:, None] == kinds[None, :]) & (where[:, None] != where[None, :])
            apart = (CONTRASTIVE_MARGIN - (distance + 1e-9).sqrt()).clamp(min=0).square()
            count = rival.sum(1).clamp(min=1)
            loss = (distance.diagonal() + (apart * rival).sum(1) / count).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return layer.eval()


def popularity(data: Pairs, train: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How often the product's own label (jeans, pants) was seen in training: [n]. Products are seen once, so the
    label is the only thing about them that can be popular."""
    seen = Counter(data.label[row] for row in train)
    return np.array([float(seen[data.label[row]]) for row in rows])
