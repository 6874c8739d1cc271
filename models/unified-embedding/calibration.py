"""Where cosines of known pairs lie, so that a page can say what a cosine means.

    python models/unified-embedding/pack.py $PACK
    python models/unified-embedding/calibration.py $PACK     # CPU, a minute

Embeds held-out pictures with the int8 file. `same`: two photographs of one product (grocery's test photos against its
train photos, other views of magento's held-out products). `unrelated`: pairs of different labels, drawn evenly from
held-out clothing, street fashion, groceries and home objects, within a set and across them. Writes the quantiles to
`results/calibration.json` and into the `metrics` of `manifest.json`, which the revision does not depend on.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from evaluation import load_views
from export import HERE, NAME, embed

SAME = ("grocery: same product", "magento: same product")
LABELLED = ("clothing: kind", "co-parsing: kind", "grocery: same product", "home-objects: kind")
PAIRS, SEED = 20_000, 0
QUANTILES = {"unrelated": (5, 50, 95, 99), "same": (5, 50, 95)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    views = load_views(parser.parse_args().pack)
    wanted = [one for one in views.benchmarks if one.name in {*SAME, *LABELLED}]
    needed = sorted({views.order[view] for one in wanted for view in (*one.queries, *one.gallery)})
    vectors = dict(zip(needed, embed(HERE / f"{NAME}.int8.onnx", views.images[needed]), strict=True))

    def embedded(part: list) -> np.ndarray:
        return np.stack([vectors[views.order[view]] for view in part])

    generator = np.random.default_rng(SEED)
    same, unrelated, queries = [], [], []
    for one in wanted:
        cosines = embedded(one.queries) @ embedded(one.gallery).T
        if one.name in SAME:
            same.append(drawn(cosines[one.relevant & ~one.excluded], generator))
        if one.name in LABELLED:
            unrelated.append(drawn(cosines[~one.relevant & ~one.excluded], generator))
            queries.append(embedded(one.queries))
    for first in range(len(queries)):
        for second in range(first):
            unrelated.append(drawn((queries[first] @ queries[second].T).ravel(), generator))

    cosines = {"same": np.concatenate(same), "unrelated": np.concatenate(unrelated)}
    figures = {
        f"cosine_{kind}_p{quantile:02d}": round(float(np.percentile(cosines[kind], quantile)), 4)
        for kind, quantiles in QUANTILES.items()
        for quantile in quantiles
    }
    report = {"pairs": {kind: len(values) for kind, values in cosines.items()}, **figures}
    (HERE / "results" / "calibration.json").write_text(json.dumps(report, indent=1) + "\n")
    path = HERE / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf8"))
    manifest["metrics"] |= figures
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
    print(json.dumps(report))


def drawn(cosines: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """An even share of pairs from each kind of pair, so that large sets do not outweigh small ones."""
    return generator.choice(cosines, min(PAIRS, cosines.size), replace=False)


if __name__ == "__main__":
    main()
