"""A rotation of unit vectors that their sign codes lose less by.

Iterative quantisation, Gong & Lazebnik, "Iterative Quantization: A Procrustean Approach to Learning Binary Codes"
(CVPR 2011): find the orthogonal R that minimises |sign(V R) - V R|. A rotation changes no cosine; folded into the last
linear layer it costs nothing at run time.
"""

import torch


def iterative_quantisation(vectors: torch.Tensor, iterations: int = 50, seed: int = 0) -> torch.Tensor:
    """Unit vectors [N, D] about zero -> orthogonal R [D, D] in float64; rotate by `vectors @ R`.

    Starts from a random rotation, then in turns: codes B = sign(V R), and the R that brings V nearest to B
    (orthogonal Procrustes, from the singular vectors of V' B).
    """
    vectors = vectors.double()
    size = vectors.shape[1]
    generator = torch.Generator().manual_seed(seed)
    start = torch.randn(size, size, generator=generator, dtype=torch.float64)
    rotation = torch.linalg.qr(start)[0].to(vectors.device)
    for _ in range(iterations):
        codes = torch.where(vectors @ rotation >= 0, 1.0, -1.0).double()
        left, _, right = torch.linalg.svd(vectors.T @ codes)
        rotation = left @ right
    return rotation
