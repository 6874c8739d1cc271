"""Writes pictures.json, large-pictures.json and resizes.json in ../fixtures, which the media tests read.

Pictures are drawn and encoded here; the pixels expected of them are what Pillow reads. Run it again only to add
a case: the results depend on the versions of Pillow's libraries (written with Pillow 13.0.0, numpy 2.4.6).

    python test/media/make_fixtures.py
"""

import base64
import hashlib
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

FIXTURES = Path(__file__).parent.parent / "fixtures"
WIDTH, HEIGHT = 42, 27


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def drawing(width=WIDTH, height=HEIGHT, alpha=False) -> Image.Image:
    """Smooth colour with a hard-edged square, different in every corner, so that a wrong turn shows."""
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / max(1, width - 1)
    green = 255 * y / max(1, height - 1)
    blue = 128 + 100 * np.sin(x / 5) * np.cos(y / 4)
    pixels = np.stack([red, green, blue, 255 * (x + y) / max(1, width + height - 2)], -1).astype(np.uint8)
    pixels[2:8, 3:12, :3] = (250, 20, 30)
    return Image.fromarray(pixels if alpha else np.ascontiguousarray(pixels[..., :3]))


def encoded(image: Image.Image, format: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(samples: np.ndarray, depth: int, colour: int, interlaced=False, extra=b"") -> bytes:
    """A PNG of integer samples, height × width × channels, with filter types 0 to 4 taking turns."""
    height, width, channels = samples.shape
    step = max(1, depth * channels // 8)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for x, y, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        part = samples[y::dy, x::dx]
        if part.size == 0:
            continue
        above = None
        for index, row in enumerate(part):
            if depth == 16:
                line = row.astype(">u2").tobytes()
            elif depth == 8:
                line = row.astype(np.uint8).tobytes()
            else:
                bits = "".join(format(int(value), f"0{depth}b") for value in row.reshape(-1))
                line = bytes(int(bits[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(bits), 8))
            above = above or bytes(len(line))
            data += bytes([index % 5]) + filtered(index % 5, line, above, step)
            above = line
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    chunks = png_chunk(b"IHDR", header) + extra + png_chunk(b"IDAT", zlib.compress(data)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def filtered(kind: int, line: bytes, above: bytes, step: int) -> bytes:
    out = bytearray()
    for at, value in enumerate(line):
        left = line[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        up = above[at]
        guess = left + up - corner
        distances = [(abs(guess - left), left), (abs(guess - up), up), (abs(guess - corner), corner)]
        paeth = min(distances, key=lambda pair: pair[0])[1]
        out.append((value - [0, left, up, (left + up) // 2, paeth][kind]) & 255)
    return bytes(out)


def riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def riff_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def u24(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def webp_with_offset_frame(still: Image.Image, width: int, height: int, x: int, y: int) -> bytes:
    frame = encoded(still, "WEBP", lossless=True)[12:]
    head = u24(x // 2) + u24(y // 2) + u24(still.width - 1) + u24(still.height - 1) + u24(100) + b"\0"
    canvas = riff_chunk(b"VP8X", bytes([0x12, 0, 0, 0]) + u24(width - 1) + u24(height - 1))
    return riff(canvas + riff_chunk(b"ANIM", bytes(6)) + 2 * riff_chunk(b"ANMF", head + frame))


def gif_with_offset_frame(image: Image.Image, width: int, height: int, x: int, y: int) -> bytes:
    data = bytearray(encoded(image, "GIF", interlace=0))
    palette = 3 * 2 ** ((data[10] & 7) + 1)
    descriptor = data.index(b"\x2c", 13 + palette)
    struct.pack_into("<HH", data, 6, width, height)
    struct.pack_into("<HH", data, descriptor + 1, x, y)
    return bytes(data)


def placed(image: Image.Image, width: int, height: int, x: int, y: int) -> np.ndarray:
    canvas = np.zeros((height, width, 4), np.uint8)
    canvas[y : y + image.height, x : x + image.width] = np.asarray(image.convert("RGBA"))
    return canvas


def pillow_reads(data: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(data))
    image.seek(0)
    return np.asarray(ImageOps.exif_transpose(image).convert("RGBA"))


def pictures() -> list[dict]:
    rgb, rgba, grey = drawing(), drawing(alpha=True), drawing().convert("L")
    cases = []

    def add(name, data, expected=None, tolerance=0):
        pixels = pillow_reads(data) if expected is None else expected
        height, width = pixels.shape[:2]
        cases.append(
            dict(name=name, file=base64_text(data), width=width, height=height, tolerance=tolerance)
            | dict(rgba=base64_text(zlib.compress(np.ascontiguousarray(pixels).tobytes(), 9)))
        )

    add("JPEG, baseline", encoded(rgb, "JPEG", quality=90))
    add("JPEG, progressive", encoded(rgb, "JPEG", quality=90, progressive=True))
    add("JPEG, without chroma subsampling", encoded(rgb, "JPEG", quality=90, subsampling=0))
    add("JPEG, grey", encoded(grey, "JPEG", quality=90))
    add("JPEG, restart markers", encoded(rgb, "JPEG", quality=90, restart_marker_rows=1))
    add("JPEG, RGB without conversion", encoded(rgb, "JPEG", quality=90, keep_rgb=True))
    cmyk = encoded(rgb.convert("CMYK"), "JPEG", quality=95, subsampling=0)
    add("JPEG, CMYK", cmyk, tolerance=2)
    ycck = bytearray(cmyk)
    ycck[cmyk.index(b"Adobe") + 11] = 2
    add("JPEG, YCCK", bytes(ycck), tolerance=3)
    for turn in range(1, 9):
        add(f"JPEG, orientation {turn}", encoded(rgb, "JPEG", quality=90, subsampling=0, exif=exif(turn)))
    add("JPEG, 1×1", encoded(drawing(1, 1), "JPEG"))

    array = np.asarray(rgba).astype(np.uint32)
    add("PNG, RGB", encoded(rgb, "PNG"))
    add("PNG, RGBA", png(array, 8, 6))
    add("PNG, grey", encoded(grey, "PNG"))
    add("PNG, grey and alpha", png(array[..., [1, 3]], 8, 4))
    for depth in (1, 2, 4):
        levels = array[..., :1] >> (8 - depth)
        shown = np.repeat((levels * 255 // (2**depth - 1)).astype(np.uint8), 3, -1)
        opaque = np.full((HEIGHT, WIDTH, 1), 255, np.uint8)
        add(f"PNG, grey of {depth} bits", png(levels, depth, 0), np.concatenate([shown, opaque], -1))
        paletted = rgb.quantize(2**depth)
        add(f"PNG, palette of {depth} bits", encoded(paletted, "PNG", bits=depth))
    faded = rgb.quantize(16)
    add("PNG, palette with alpha", encoded(faded, "PNG", transparency=bytes(range(0, 160, 10))))
    high = np.asarray(rgba).astype(np.uint32) * 256 + 77
    high_byte = np.asarray(rgba)
    add("PNG, RGB of 16 bits", png(high[..., :3], 16, 2), np.asarray(rgb.convert("RGBA")))
    add("PNG, RGBA of 16 bits", png(high, 16, 6), high_byte)
    add("PNG, grey of 16 bits", png(high[..., :1], 16, 0), np.asarray(Image.fromarray(high_byte[..., 0]).convert("RGBA")))
    key = png_chunk(b"tRNS", struct.pack(">HHH", 250, 20, 30))
    keyed = np.asarray(rgb.convert("RGBA")).copy()
    keyed[(keyed[..., :3] == (250, 20, 30)).all(-1), 3] = 0
    add("PNG, RGB with a transparent colour", png(array[..., :3], 8, 2, extra=key), keyed)
    add("PNG, interlaced", png(array, 8, 6, interlaced=True))
    add("PNG, interlaced, grey of 1 bit", png(array[..., :1] >> 7, 1, 0, interlaced=True))
    add("PNG, interlaced, 3×2", png(array[:2, :3], 8, 6, interlaced=True))
    add("PNG, orientation 6", encoded(rgb, "PNG", exif=exif(6)))
    add("APNG", encoded(rgb, "PNG", save_all=True, append_images=[rgb.transpose(Image.Transpose.ROTATE_180)]))
    add("PNG, 1×1", encoded(drawing(1, 1), "PNG"))

    add("WebP, lossy", encoded(rgb, "WEBP", quality=90))
    add("WebP, lossless", encoded(rgb, "WEBP", lossless=True))
    add("WebP, lossy with alpha", encoded(rgba, "WEBP", quality=90))
    add("WebP, lossless with alpha", encoded(rgba, "WEBP", lossless=True, exact=True))
    add("WebP, orientation 8", encoded(rgb, "WEBP", lossless=True, exif=exif(8)))
    moving = dict(save_all=True, append_images=[rgb.transpose(Image.Transpose.ROTATE_180)])
    add("WebP, animated", encoded(rgb, "WEBP", lossless=True, **moving))
    small = rgb.crop((0, 0, 20, 13))
    add("WebP, animated, first frame aside", webp_with_offset_frame(small, 40, 24, 6, 4), placed(small, 40, 24, 6, 4))

    avif = dict(quality=90, speed=6)
    add("AVIF", encoded(rgb, "AVIF", **avif), tolerance=4)
    add("AVIF, without chroma subsampling", encoded(rgb, "AVIF", subsampling="4:4:4", **avif), tolerance=3)
    add("AVIF, grey", encoded(grey, "AVIF", subsampling="4:0:0", **avif), tolerance=3)
    add("AVIF, alpha", encoded(rgba, "AVIF", subsampling="4:4:4", **avif), tolerance=3)
    add("AVIF, sequence", encoded(rgb, "AVIF", **moving, **avif), tolerance=4)
    for turn in range(2, 9):
        data = encoded(rgb, "AVIF", subsampling="4:4:4", exif=exif(turn), **avif)
        add(f"AVIF, orientation {turn}", data, tolerance=3)

    paletted = rgb.quantize(64)
    add("GIF", encoded(paletted, "GIF", interlace=0))
    add("GIF, interlaced", encoded(paletted, "GIF", interlace=1))
    clear = rgb.quantize(64)
    add("GIF, transparent", encoded(clear, "GIF", transparency=clear.getpixel((5, 5))))
    add("GIF, animated", encoded(paletted, "GIF", save_all=True, append_images=[paletted.rotate(180)]))
    add("GIF, first frame aside", gif_with_offset_frame(paletted, 50, 40, 5, 6), placed(paletted, 50, 40, 5, 6))
    add("GIF, two colours", encoded(rgb.quantize(2), "GIF"))
    return cases


def large_pictures() -> list[dict]:
    """Four quadrants of plain colour, large enough that a decoder's heap becomes the picture."""
    colours = [(200, 30, 40), (20, 160, 60), (30, 60, 220), (240, 240, 230)]
    image = Image.new("RGB", (2048, 1280))
    for index, colour in enumerate(colours):
        image.paste(colour, (index % 2 * 1024, index // 2 * 640, index % 2 * 1024 + 1024, index // 2 * 640 + 640))
    files = {
        "JPEG": encoded(image, "JPEG", quality=60),
        "JPEG, progressive": encoded(image, "JPEG", quality=60, progressive=True),
        "JPEG, orientation 3": encoded(image, "JPEG", quality=60, exif=exif(3)),
        "JPEG, orientation 6": encoded(image, "JPEG", quality=60, exif=exif(6)),
        "PNG": encoded(image, "PNG", optimize=True),
        "WebP": encoded(image, "WEBP", quality=60),
        "WebP, lossless": encoded(image, "WEBP", lossless=True),
        "AVIF": encoded(image, "AVIF", quality=50, speed=8),
        "GIF": encoded(image.quantize(4), "GIF"),
    }
    turns = {"JPEG, orientation 3": [3, 2, 1, 0], "JPEG, orientation 6": [2, 0, 3, 1]}
    return [
        dict(name=name, quadrants=[colours[at] for at in turns.get(name, range(4))])
        | dict(turned=name.endswith("6"), file=base64_text(zlib.compress(file, 9)))
        for name, file in files.items()
    ]


def pattern(width: int, height: int) -> np.ndarray:
    """RGBA that test/media/pattern.ts computes alike: smooth, with hard edges and a bit of noise."""
    y, x = np.mgrid[0:height, 0:width].astype(np.uint32)
    channels = [x * 3 + y, y * 5 + (x >> 2), (x * y) >> 4, 255 - ((x * 7 + y * 3) & 255)]
    noise = ((x * 2654435761 + y * 40503) >> 13) & 15
    pixels = np.stack([(channel + noise) & 255 for channel in channels], -1).astype(np.uint8)
    return pixels


SIZES = [
    *((1000, 1000), (640, 427), (427, 640), (300, 200), (225, 223), (224, 224), (100, 80), (37, 91)),
    *((1, 1), (1, 90), (90, 1), (3, 2), (2000, 30)),
]
TARGETS = [(224, 224), (31, 19)]
# The crop and the background stand in test/media/pattern.ts as well.
CROP = (0.1, 0.25, 0.85, 0.7)
BACKGROUND = (200, 100, 50)


def half_up(value: float) -> int:
    return int(np.floor(value + 0.5))


def resized(image: Image.Image, size: tuple[int, int], fit: str) -> Image.Image:
    if fit == "stretch":
        return image.resize(size, Image.Resampling.BILINEAR)
    if fit == "cover":
        return ImageOps.fit(image, size, Image.Resampling.BILINEAR)
    return ImageOps.pad(image, size, Image.Resampling.BILINEAR, color=BACKGROUND)


def resizes() -> list[dict]:
    cases = []
    for width, height in SIZES:
        pixels = pattern(width, height)
        see_through = Image.fromarray(pixels)
        opaque = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
        over = Image.new("RGB", (width, height), BACKGROUND)
        over.paste(see_through, mask=see_through.getchannel("A"))
        for size in TARGETS:
            for fit in ("stretch", "cover", "contain"):
                if fit == "contain" and min(ImageOps.contain(opaque, size).size) == 0:
                    continue
                for alpha in (False, True):
                    for crop in (None, CROP) if width >= 10 and height >= 10 else (None,):
                        image = over if alpha else opaque
                        if crop:
                            corners = zip(crop, (width, height, width, height))
                            image = image.crop(tuple(half_up(at * length) for at, length in corners))
                        result = resized(image, size, fit).tobytes()
                        cases.append(
                            dict(width=width, height=height, size=size, fit=fit, alpha=alpha, crop=crop is not None)
                            | dict(first=list(result[:6]), sha256=hashlib.sha256(result).hexdigest())
                        )
    return cases


def write(name: str, cases: list[dict]) -> None:
    path = FIXTURES / name
    lines = ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases)
    path.write_text(f"[\n{lines}\n]\n")
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    write("pictures.json", pictures())
    write("large-pictures.json", large_pictures())
    write("resizes.json", resizes())
