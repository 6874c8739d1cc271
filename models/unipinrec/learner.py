"""What trains: the network, the items' vectors, and the losses of one batch."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from logs import HIDE, Batch
from losses import WEIGHTS, action_loss, full_item_loss, sampled_item_loss
from network import Config, UniPinRec


class Table(nn.Module):
    """A learned unit vector for each item: [N, D]. For sets whose items have no content."""

    def __init__(self, count: int, dimensions: int):
        super().__init__()
        self.rows = nn.Parameter(torch.randn(count, dimensions) * 0.02)

    def forward(self) -> torch.Tensor:
        return F.normalize(self.rows, dim=-1)


class Content(nn.Module):
    """The item tower's vectors of a catalogue: [N, D]."""

    def __init__(self, network: UniPinRec, content: torch.Tensor):
        super().__init__()
        self.network = [network]  # in a list: its parameters are counted once
        self.register_buffer("content", content, persistent=False)

    def forward(self) -> torch.Tensor:
        return self.network[0].item(self.content)


@dataclass
class Said:
    """What the network says of a batch's tokens; where the queries and the masked past's actions are read."""

    queries: torch.Tensor  # [B, n, W]
    past: torch.Tensor  # [B, n, W]
    slate: torch.Tensor  # [B, k, W]


@dataclass(frozen=True)
class Objective:
    """Which losses, and how."""

    item: float = 1.0  # weight of L_item
    action: float = 1.0  # weight of L_action
    softmax: str = "full"  # or sampled
    random: int = 512  # random negatives of the sampled one
    p_mask: float = 0.2


class Learner(nn.Module):
    """Masked action modelling: actions lie beside their items, n tokens for n items."""

    interleaved = False

    def __init__(self, config: Config, count: int, content: torch.Tensor | None = None):
        super().__init__()
        self.network = UniPinRec(config)
        self.table = Table(count, config.dimensions) if content is None else Content(self.network, content)
        if content is None:
            self.network.item = None  # the table stands in for it
        else:
            begin_at_content(self.network, content)
        # Histories hold only what was acted on, slates mostly what was not: the masked past has base rates of its
        # own, and without this its rates would become those of slates. Ours; only training uses it.
        self.past_bias = nn.Parameter(torch.zeros(config.actions))

    def says(self, batch: Batch, vectors: torch.Tensor, masked: torch.Tensor) -> Said:
        network, n = self.network, batch.items.shape[1]
        history = network.tokens(vectors[batch.items], batch.actions, masked, batch.gaps, batch.surfaces)
        said = network.sequence(history, batch.lengths, self.slate_tokens(batch, vectors))
        return Said(said[:, 1 : 1 + n], said[:, 1 : 1 + n], said[:, 1 + n :])

    def slate_tokens(self, batch: Batch, vectors: torch.Tensor) -> torch.Tensor:
        k = batch.slate.shape[1]
        return self.network.tokens(
            vectors[batch.slate],
            torch.zeros_like(batch.slate_actions),
            torch.ones_like(batch.slate_real),
            batch.slate_gap[:, None].expand(-1, k),
            batch.slate_surface[:, None].expand(-1, k),
        )

    def temperature(self) -> torch.Tensor:
        return self.network.log_temperature.exp().clamp(min=0.01)

    def loss(self, batch: Batch, objective: Objective, log_share: torch.Tensor | None = None) -> torch.Tensor:
        """`log_share` [N]: of each item in the stream of targets, for the sampled softmax."""
        vectors = self.table()
        # Interleaved tokens hide no action: what is to be predicted stands after the token that predicts it.
        masked = torch.rand(batch.items.shape, device=batch.items.device) < objective.p_mask
        masked = batch.real & masked & (not self.interleaved)
        said = self.says(batch, vectors, masked)
        total = vectors.new_zeros(())
        if objective.item:
            total = total + objective.item * self.item_loss(batch, said, vectors, objective, log_share)
        if objective.action:
            past = self.network.action_logits(said.past) + self.past_bias
            weights = torch.tensor(WEIGHTS, device=vectors.device)
            total = total + objective.action * action_loss(
                past.float(),
                batch.actions,
                batch.real if self.interleaved else masked,
                self.network.action_logits(said.slate).float(),
                batch.slate_actions,
                batch.slate_real,
                weights,
            )
        return total

    def item_loss(
        self, batch: Batch, said: Said, vectors: torch.Tensor, objective: Objective, log_share: torch.Tensor | None
    ) -> torch.Tensor:
        """Each token is to find the next, the last one each item of the slate that was liked."""
        followed = batch.real[:, 1:] & liked(batch.actions[:, 1:])
        row, place = followed.nonzero(as_tuple=True)
        slate_row, slate_place = (batch.slate_real & liked(batch.slate_actions)).nonzero(as_tuple=True)
        people = torch.cat([row, slate_row])
        places = torch.cat([place, batch.lengths[slate_row] - 1])
        targets = torch.cat([batch.items[row, place + 1], batch.slate[slate_row, slate_place]])
        with torch.autocast(vectors.device.type, enabled=False):
            queries = self.network.queries(said.queries[people, places].float())
            if objective.softmax == "full":
                return full_item_loss(queries, targets, vectors.float(), self.temperature())
            drawn = torch.randint(len(vectors), (objective.random,), device=vectors.device)
            return sampled_item_loss(
                queries, targets, people, vectors.float(), drawn, log_share, self.temperature()
            )


@torch.no_grad()
def begin_at_content(network: UniPinRec, content: torch.Tensor) -> None:
    """Lets training start from a network that finds what is like the latest item, instead of from chance. Ours.

    The item tower starts at the identity; tokens hold their item's principal directions, and queries lead back.
    """
    config = network.config
    if config.content != config.dimensions or config.width > config.dimensions:
        return
    nn.init.eye_(network.item.skip.weight)
    nn.init.zeros_(network.item.out.weight)
    nn.init.zeros_(network.item.out.bias)
    directions = torch.linalg.svd(content, full_matrices=False).Vh[: config.width]
    # Components of about 1, as the layers' own: what the layers add at the start does not drown them.
    network.token.weight[:, : config.dimensions] = directions * config.width**0.5
    network.query.weight.copy_(directions.T)
    nn.init.zeros_(network.query.bias)


def liked(actions: torch.Tensor) -> torch.Tensor:
    """bool [...] of actions [..., C]: acted on, and not hidden."""
    return actions.bool().any(-1) & (actions[..., HIDE] == 0)
