"""All of it, after a new revision of an encoder: `python retrain.py CACHE`. Minutes on two cores of a CPU.

Draws the showroom's products, embeds what is not in the cache, trains, exports, evaluates. The experiments of the card
run on their own (`experiments.py`), then `card.py` fills its tables.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from paths import HERE, ROOT

# Which products the model learns from, and those that a first start sells, which it never sees.
DRAWN = {
    "drawn": {"count": 1600, "views": 2, "seed": 7},
    "showroom": {"count": 300, "views": 2, "seed": 1},
}


def draw(cache: Path) -> None:
    for name, options in DRAWN.items():
        folder = cache / name
        if (folder / "products.jsonl").exists():
            continue
        flags = [word for key, value in options.items() for word in (f"--{key}", str(value))]
        command = ["npx", "tsx", "scripts/draw-products.ts", "--output", str(folder), *flags]
        subprocess.run(command, cwd=ROOT, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cache", type=Path)
    arguments = parser.parse_args()
    cache = arguments.cache.resolve()
    draw(cache)
    model = cache / "itemsage.pt"
    for step in ("train.py", "export.py", "evaluate.py"):
        subprocess.run([sys.executable, HERE / step, cache, model], check=True)


if __name__ == "__main__":
    main()
