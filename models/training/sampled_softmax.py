"""Sampled softmax of two-tower models, with negatives of the batch and random ones (arXiv 2205.11728, ItemSage).

Every candidate is scored s = cos / temperature - log Q, Q the probability with which its sampler draws it (the
correction of in-batch softmax of Yi et al., RecSys 2019): what is popular is a negative more often than a fair draw
would make it, and without the correction the model learns to avoid it.
"""

import torch
import torch.nn.functional as F

TEMPERATURE = 0.05


def sampled_softmax(
    queries: torch.Tensor,
    products: torch.Tensor,
    candidates: torch.Tensor,
    excluded: torch.Tensor,
    temperature: float | torch.Tensor = TEMPERATURE,
    log_q: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> torch.Tensor:
    """-log( e^s+ / (e^s+ + sum of e^s over the candidates that are not excluded) ) of each query, [N].

    Unit vectors queries [N, D], their products [N, D], candidates [C, D]; excluded bool [N, C]: candidates that are
    no negatives of a query. `log_q`: of the products [N] and of the candidates [C].
    """
    positive = (queries * products).sum(1) / temperature
    negative = queries @ candidates.T / temperature
    if log_q is not None:
        positive, negative = positive - log_q[0], negative - log_q[1]
    logits = torch.cat([positive[:, None], negative.masked_fill(excluded, -torch.inf)], 1)
    return F.cross_entropy(logits, logits.new_zeros(len(logits), dtype=torch.long), reduction="none")


def same_pairs(query_ids: torch.Tensor, product_ids: torch.Tensor) -> torch.Tensor:
    """bool [N, N]: the product of column j is that of row i, or was the answer to the same query as row i's."""
    same_query, same_product = query_ids[:, None] == query_ids, product_ids[:, None] == product_ids
    # An answer to the same query is no negative, under whichever row it stands.
    return same_product | (same_query.float() @ same_product.float() > 0)


def in_batch_softmax(
    queries: torch.Tensor,
    products: torch.Tensor,
    query_ids: torch.Tensor,
    product_ids: torch.Tensor,
    temperature: float | torch.Tensor = TEMPERATURE,
    log_q: torch.Tensor | None = None,
) -> torch.Tensor:
    """Loss [N] of each pair of the batch against the others' products; ids say which pairs are equal.

    `log_q` [N]: log share of each product in the stream of pairs (`CountMinSketch.log_probability`).
    """
    excluded = same_pairs(query_ids, product_ids)
    both = None if log_q is None else (log_q, log_q)
    return sampled_softmax(queries, products, products, excluded, temperature, both)
