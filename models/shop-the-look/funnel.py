"""From a scene to its products, stage by stage: `python models/shop-the-look/funnel.py`. Writes `results/funnel.json`.

Detections of the int8 file on the engine, embeddings of the int8 file on onnxruntime; thresholds, number of objects,
crops and gate as the product has them by default. Products are ranked by the cosine of float embeddings. Hit at k: the
product is among the first k for any crop of the scene.
"""

import json
import time

from funnel_outfits import outfits
from funnel_rooms import rooms
from funnel_scenes import EMBEDDER, FOLDER, MANIFEST, Embedder


def main() -> None:
    began, embed = time.monotonic(), Embedder()
    result = {
        "detector": MANIFEST["revision"],
        "embedder": json.loads((EMBEDDER.parent / "manifest.json").read_text())["revision"],
        "outfits": outfits(embed),
        "rooms": rooms(embed),
    }
    (FOLDER / "results" / "funnel.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
