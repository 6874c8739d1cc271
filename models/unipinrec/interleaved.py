"""The form that masked action modelling is compared with: item and action tokens alternate (HSTU, arXiv 2402.17152).

2n tokens for n items: equal tokens are half the history. An item token predicts its own actions, which stand after
it; an action token predicts the next item.
"""

import torch
from torch import nn

from learner import Learner, Said
from logs import Batch
from network import Config


class Interleaved(Learner):
    """Same losses, network and candidates as `Learner`; twice the tokens."""

    interleaved = True

    def __init__(self, config: Config, count: int, content: torch.Tensor | None = None):
        super().__init__(config, count, content)
        self.action_token = nn.Linear(config.actions, config.width)

    def says(self, batch: Batch, vectors: torch.Tensor, masked: torch.Tensor) -> Said:
        """`masked` is not used: an item token never holds its actions."""
        network, n = self.network, batch.items.shape[1]
        unseen = torch.ones_like(masked)
        items = network.tokens(vectors[batch.items], batch.actions, unseen, batch.gaps, batch.surfaces)
        history = torch.stack([items, self.action_token(batch.actions)], dim=2).flatten(1, 2)
        said = network.sequence(history, 2 * batch.lengths, self.slate_tokens(batch, vectors))
        pairs = said[:, 1 : 1 + 2 * n].unflatten(1, (n, 2))
        return Said(pairs[:, :, 1], pairs[:, :, 0], said[:, 1 + 2 * n :])
