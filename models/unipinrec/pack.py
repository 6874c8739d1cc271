"""Packs what is learned from into a small folder of npz files, to be carried to a GPU: `python pack.py OUT`.

`--showroom LOGS` adds the showroom's simulated logs. CORKBOARD_DATA says where the public sets are.
"""

import argparse
import csv
import gzip
from pathlib import Path

import numpy as np

import movies
import showroom
from paths import DATA


def rows_of_sequences(sequences: list[list[int]]) -> dict[str, np.ndarray]:
    """Columns of `sequences.Sequences`; ids become 0..count-1 in their order."""
    flat = np.array([item for one in sequences for item in one])
    catalogue, items = np.unique(flat, return_inverse=True)
    offsets = np.cumsum([0] + [len(one) for one in sequences])
    return {"items": items.astype(np.int16), "offsets": offsets.astype(np.int32), "count": np.array(len(catalogue))}


def ml_1m(path: Path) -> list[list[int]]:
    with gzip.open(path, "rt") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return [[int(item) for item in f"{row['train']} {row['valid']} {row['test']}".split()] for row in rows]


def amazon(path: Path) -> list[list[int]]:
    with gzip.open(path, "rt") as lines:
        return [[int(item) for item in line.split()[1:]] for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--showroom", type=Path, help="folder of the showroom's logs")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    tables = DATA / "tables"
    packs = {
        "ml-1m": rows_of_sequences(ml_1m(tables / "ml-1m" / "sequences.tsv.gz")),
        "amazon-beauty": rows_of_sequences(amazon(tables / "amazon-beauty" / "sequences.txt.gz")),
        "ml-100k": movies.logs(movies.ratings(tables / "ml-100k" / "ratings.tsv.gz")),
    }
    if arguments.showroom:
        packs["showroom"] = showroom.read(arguments.showroom)
    for name, columns in packs.items():
        np.savez_compressed(arguments.out / f"{name}.npz", **columns)
        print(name, (arguments.out / f"{name}.npz").stat().st_size, "bytes", flush=True)


if __name__ == "__main__":
    main()
