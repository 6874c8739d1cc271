"""PyTorch code that several models share: data, losses, retrieval figures, quantisation, export."""
