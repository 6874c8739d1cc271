"""Agreement with people on shoes: "head is more like close than far" (stsievert/salmon, UT Zappos pictures)."""

import csv
import gzip

import numpy as np

from training.shards import data_folder
from views import View


def agreement(vectors: np.ndarray, order: dict[View, int], split: str = "test") -> float:
    """Percent of answers for which the vectors say the same; chance is 50."""
    place = {number: order[View(f"zappos-triplets/{number}.jpg")] for number in range(85)}
    with gzip.open(data_folder() / "images" / "zappos-triplets" / "triplets.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    head, close, far = (vectors[[place[int(row[name])] for row in rows]] for name in ("head", "close", "far"))
    return round(100 * float(((head * close).sum(1) > (head * far).sum(1)).mean()), 2)
