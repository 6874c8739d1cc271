"""Quantisation-aware fine-tuning of a trained embedder: the int8 graph learns to answer as the float model does.

Loss: 1 - cosine between the vector of the fake-quantised network and that of the float network on the same augmented
picture. Activations 7 bits with learned limits, weights 8 bits per channel, stem weights 7 bits.
"""

import copy
import json
import time

import torch

from training.activation_ranges import calibrate
from training.augment import augment
from training.embedder import Embedder
from training.fake_quantise import QuantisedTrunk
from training.trunks import PIXEL_MEAN, PIXEL_SCALE

BITS = 7
STEPS, BATCH, WEIGHT_RATE, LIMIT_RATE = 200, 96, 2e-5, 1e-3
CALIBRATION = 256  # pictures


def quantise(
    embedder: Embedder,
    pictures,
    side: int,
    steps: int = STEPS,
    batch: int = BATCH,
    seed: int = 0,
    bits: int = BITS,
    log=print,
) -> tuple[Embedder, dict, dict]:
    """(embedder with a `QuantisedTrunk`, limits from calibration, learned limits); `pictures` as `train.Pictures`."""
    device = pictures.images.device
    generator = torch.Generator(device).manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    order = torch.multinomial(
        pictures.chances(("category", "catalogue", "instance")),
        steps * batch + CALIBRATION,
        replacement=True,
        generator=draw,
    ).to(device)
    float_model = embedder.eval().requires_grad_(False)
    sample = augment(pictures.images[order[-CALIBRATION:]], side, generator, smallest=0.8)
    limits = calibrate(float_model.trunk, [((x - PIXEL_MEAN) / PIXEL_SCALE) for x in sample.split(64)], bits)

    student = copy.deepcopy(float_model).requires_grad_(True)
    student.trunk = QuantisedTrunk(student.trunk, limits, bits).to(device)
    scales = list(student.trunk.activations.parameters())
    weights = list(student.trunk.trunk.parameters())
    groups = [{"params": weights, "lr": WEIGHT_RATE}, {"params": scales, "lr": LIMIT_RATE}]
    optimizer = torch.optim.Adam(groups)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(steps, 1))
    began = time.time()
    for step in range(steps):
        images = augment(pictures.images[order[step * batch : (step + 1) * batch]], side, generator)
        with torch.no_grad():
            target = float_model(images)
        loss = (1 - (student(images) * target).sum(1)).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 25 == 0 or step == steps - 1:
            log(
                json.dumps(
                    {"quantisation step": step, "loss": round(loss.item(), 5), "seconds": round(time.time() - began, 1)}
                )
            )
    return student.eval(), limits, student.trunk.limits()
