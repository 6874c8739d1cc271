"""Packs what the image tower learns from: JPEGs of one side in `pictures-N.bin`, `examples.json`, text vectors.

    tsx models/pinclip/draw.ts $DRAWN 2400
    python models/pinclip/pack.py $DRAWN $PACK

Writes shards of at most 36 MB into `$PACK/N/`, so that they can travel to a GPU machine one by one. With
`--side 176 --format WEBP --quality 50 --most 1500` a pack of about 22 MB, for comparisons.
"""

import argparse
import functools
import io
import json
import multiprocessing
import random
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import imagenet
from colours import NAMES
from pictures import colour_of, examples, image_of
from space import teacher_texts

SHARD = 36_000_000  # bytes


def squeezed(image: Image.Image, side: int, kind: str, quality: int) -> bytes:
    """The picture stretched to a square, as a JPEG or WEBP file."""
    out = io.BytesIO()
    image.resize((side, side), Image.Resampling.BILINEAR).save(out, kind, quality=quality)
    return out.getvalue()


def encoded(example, side: int, kind: str, quality: int) -> tuple[bytes, tuple | None]:
    image = image_of(example)
    return squeezed(image, side, kind, quality), colour_of(example, image)


def drawn_lots(all_of: list, most: int | None) -> list:
    """At most so many of a set, in their order."""
    chosen = random.Random(0).sample(range(len(all_of)), min(most or len(all_of), len(all_of)))
    return [all_of[at] for at in sorted(chosen)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("drawn", type=Path)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--side", type=int, default=224)
    parser.add_argument("--format", choices=("JPEG", "WEBP"), default="JPEG")
    parser.add_argument("--quality", type=int, default=78)
    parser.add_argument("--most", type=int, help="pictures and boxes of a set")
    arguments = parser.parse_args()
    sets = {name: drawn_lots(all_of, arguments.most) for name, all_of in examples(arguments.drawn).items()}
    everything = [(name, one) for name, all_of in sets.items() for one in all_of]
    print({name: len(all_of) for name, all_of in sets.items()}, flush=True)
    texts = sorted({text for _, one in everything for text in one.texts})
    kinds = sorted({one.kind for _, one in everything if one.rgb})
    with multiprocessing.get_context("fork").Pool(2) as pool:
        form = functools.partial(encoded, side=arguments.side, kind=arguments.format, quality=arguments.quality)
        packed = pool.map(form, [one for _, one in everything], chunksize=64)
    place, shard, size, lines = {text: at for at, text in enumerate(texts)}, 0, 0, []
    out = None
    for (name, one), (data, rgb) in zip(everything, packed):
        if out is None or size + len(data) > SHARD:
            shard, size = shard + (out is not None), 0
            (arguments.pack / str(shard)).mkdir(parents=True, exist_ok=True)
            out = open(arguments.pack / str(shard) / f"pictures-{shard}.bin", "wb")
        out.write(data)
        size += len(data)
        lines.append(
            {
                "set": name, "shard": shard, "bytes": len(data), "texts": [place[text] for text in one.texts],
                **({"kind": kinds.index(one.kind), "rgb": rgb} if rgb else {}),
            }  # fmt: skip
        )
    out.close()
    last = arguments.pack / str(shard)
    vectors = {
        "texts": teacher_texts(texts),
        "classes": np.stack([teacher_texts(imagenet.descriptions(index)).mean(0) for index in range(1000)]),
        "colours": teacher_texts([f"{colour} {kind}" for kind in kinds for colour in NAMES]).reshape(
            len(kinds), len(NAMES), -1
        ),
    }
    np.savez(last / "vectors.npz", **{key: value.astype(np.float16) for key, value in vectors.items()})
    about = {"texts": texts, "kinds": kinds, "examples": lines}
    (last / "examples.json").write_text(json.dumps(about, separators=(",", ":")))
    print(f"{len(lines)} pictures, {len(texts)} texts, {len(kinds)} kinds, {shard + 1} shards")


if __name__ == "__main__":
    main()
