"""ItemSage (arXiv 2205.11728): a transformer layer over a product's pictures and texts, to one vector of unit length."""

import torch
import torch.nn.functional as F
from torch import nn

import paths  # noqa: F401
from products import FIELDS
from training.hashed_embedding import HashedEmbedding

DIMENSIONS = 256
PICTURE = 2 * DIMENSIONS  # unified embedding, then PinCLIP's picture vector
WIDTH, HEADS, HIDDEN = 256, 8, 512
ROWS, WEIGHTS, NGRAM = 16_384, 32_768, 96  # of the hashed n-grams
PICTURES = 8  # most of a product
PARTS = ("unified", "look", "texts")
START = (0.6, 1.0, 1.4)  # weights of the mixture before training


class Ngrams(nn.Module):
    """Hashed n-grams of a field to a vector in the text tower's space, [N, G] -> [N, 256]; zeros for an empty field.

    They learn that from texts alone, and then stay as they are: see train.py.
    """

    def __init__(self):
        super().__init__()
        self.hashed = HashedEmbedding(ROWS, WEIGHTS, NGRAM)
        self.head = nn.Linear(NGRAM, DIMENSIONS, bias=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(self.hashed(ids))

    def fields(self, ngrams: torch.Tensor) -> torch.Tensor:
        """[N, F, G] ids, or [N, F, 256] what this said of them before -> [N, F, 256]."""
        return ngrams if ngrams.is_floating_point() else self(ngrams.flatten(0, 1)).unflatten(0, ngrams.shape[:2])


class Mixture(nn.Module):
    """The weighted sum of the pictures' means and of the texts' mean, each through a map that starts at the identity.

    Each part is found by its own query encoder, so that the sum is found by all three. The maps move the parts out of
    each other's way: what a picture's vector says in directions that matter to words only disturbs them.
    """

    def __init__(self):
        super().__init__()
        self.fields = nn.Parameter(torch.zeros(len(FIELDS)))
        self.weights = nn.Parameter(torch.tensor(START).log())
        self.maps = nn.Parameter(torch.eye(DIMENSIONS).repeat(len(PARTS), 1, 1))

    def parts(self, pictures: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
        """[3, N, 256]: means of unit length of unified, look and texts; zeros where there is nothing."""
        sums = [
            pictures[..., :DIMENSIONS].sum(1),
            pictures[..., DIMENSIONS:].sum(1),
            (texts * self.fields.exp()[:, None]).sum(1),
        ]
        return F.normalize(torch.stack(sums), dim=-1)

    def forward(self, pictures: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
        mapped = self.parts(pictures, texts) @ self.maps
        return (mapped * self.weights.exp()[:, None, None]).sum(0)


class ItemSage(nn.Module):
    """pictures [N, P, 512], texts [N, 4, 256], ngrams [N, 4, G] (zeros: absent) -> [N, 256].

    The output is the mixture plus what the layer's CLS token says, whose last map starts at zero: training begins at
    the mixture. `skip=False` leaves the mixture out, as in the paper.
    """

    def __init__(self, skip: bool = True):
        super().__init__()
        self.skip = skip
        self.mixture = Mixture()
        self.ngrams = Ngrams()
        self.picture_in = nn.Linear(PICTURE, WIDTH)
        self.text_in = nn.Linear(DIMENSIONS, WIDTH)
        self.kinds = nn.Parameter(torch.randn(1 + 2 * len(FIELDS), WIDTH) * 0.5)  # picture, texts, n-grams
        self.cls = nn.Parameter(torch.randn(WIDTH) * 0.5)
        self.norm = nn.LayerNorm(WIDTH)
        self.query, self.key = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH, bias=False)
        self.value, self.joined = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.wide = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, WIDTH))
        self.out = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Linear(WIDTH, DIMENSIONS))
        if skip:
            nn.init.zeros_(self.out[-1].weight)
            nn.init.zeros_(self.out[-1].bias)

    def tokens(
        self, pictures: torch.Tensor, texts: torch.Tensor, ngrams: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens [N, P + 8, WIDTH] and which of them are there [N, P + 8]."""
        fields = len(FIELDS)
        grams = self.ngrams.fields(ngrams)
        # Unit vectors have components of a sixteenth; LayerNorm's epsilon should not see that.
        scale = DIMENSIONS**0.5
        tokens = torch.cat(
            [
                self.picture_in(pictures * scale) + self.kinds[0],
                self.text_in(texts * scale) + self.kinds[1 : 1 + fields],
                self.text_in(grams * scale) + self.kinds[1 + fields :],
            ],
            1,
        )
        there = [pictures.abs().amax(-1) > 0, texts.abs().amax(-1) > 0, (ngrams != 0).any(-1)]
        return tokens, torch.cat(there, 1)

    def correction(self, pictures: torch.Tensor, texts: torch.Tensor, ngrams: torch.Tensor) -> torch.Tensor:
        """What the layer says of CLS. Only CLS asks (the other tokens' answers would go nowhere), and always the same."""
        tokens, there = self.tokens(pictures, texts, ngrams)
        tokens = torch.cat([self.cls.expand(len(tokens), 1, -1), tokens], 1)
        there = F.pad(there, (1, 0), value=True)
        seen = self.norm(tokens)
        logits = seen @ self.sought().T
        attention = logits.masked_fill(~there[..., None], -torch.inf).softmax(1)
        pooled = attention.transpose(1, 2) @ seen
        heads = torch.einsum("nhw,hdw->nhd", pooled, self.value.weight.unflatten(0, (HEADS, -1)))
        cls = self.cls + self.joined(heads.flatten(1) + self.value.bias)
        return self.out(cls + self.wide(cls))

    def sought(self) -> torch.Tensor:
        """[HEADS, WIDTH]: each head's query, taken back through the keys. q . (K x) = (K^T q) . x."""
        query = self.query(self.norm(self.cls)).unflatten(0, (HEADS, -1))
        keys = self.key.weight.unflatten(0, (HEADS, -1))
        return torch.einsum("hd,hdw->hw", query, keys) * query.shape[1] ** -0.5

    def forward(self, pictures: torch.Tensor, texts: torch.Tensor, ngrams: torch.Tensor) -> torch.Tensor:
        total = self.correction(pictures, texts, ngrams)
        if self.skip:
            total = total + self.mixture(pictures, texts)
        return F.normalize(total, dim=1)


class Concatenation(nn.Module):
    """The baseline: an MLP on the means of everything, one after the other, of as many parameters."""

    def __init__(self, skip: bool = True, hidden: int = 512):
        super().__init__()
        self.skip = skip
        self.mixture, self.ngrams = Mixture(), Ngrams()
        width = PICTURE + 2 * len(FIELDS) * DIMENSIONS
        self.net = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, DIMENSIONS))
        if skip:
            nn.init.zeros_(self.net[-1].weight)
            nn.init.zeros_(self.net[-1].bias)

    def correction(self, pictures: torch.Tensor, texts: torch.Tensor, ngrams: torch.Tensor) -> torch.Tensor:
        count = (pictures.abs().amax(-1) > 0).sum(1, keepdim=True).clamp(min=1)
        grams = self.ngrams.fields(ngrams)
        parts = [pictures.sum(1) / count, texts.flatten(1), grams.flatten(1)]
        return self.net(torch.cat(parts, 1) * DIMENSIONS**0.5)

    def forward(self, pictures: torch.Tensor, texts: torch.Tensor, ngrams: torch.Tensor) -> torch.Tensor:
        total = self.correction(pictures, texts, ngrams)
        if self.skip:
            total = total + self.mixture(pictures, texts)
        return F.normalize(total, dim=1)
