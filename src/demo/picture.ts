/** From SVG to pixels and files. */
import encodeJpeg, { init as initJpeg } from "@jsquash/jpeg/encode.js";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { loadRenderModules } from "#demo/wasm";

/** Longest side of the showroom's pictures: enough for a page's detail view, small enough for hundreds. */
export const MAX_SIDE = 640;

/** Keeps a picture near 30 KB without visible blocks. */
const JPEG_QUALITY = 84;

export interface RenderedPicture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: "image/jpeg" | "image/png";
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface RenderedPixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, 8 bits a channel. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

let ready: Promise<void> | undefined;

/** Modules are compiled once; a failure is forgotten, so that the next call tries again. */
function start(): Promise<void> {
  ready ??= loadRenderModules()
    .then(async ({ resvg, jpeg }) => {
      await initWasm(resvg);
      await initJpeg(jpeg);
    })
    .catch((failure: unknown) => {
      ready = undefined;
      throw failure;
    });
  return ready;
}

/**
 * Renders an SVG without text.
 *
 * @param longest pixels of the longer side
 * @throws {RangeError} when `longest` is not between 1 and {@link MAX_SIDE}
 */
export async function renderPixels(svg: string, longest = MAX_SIDE): Promise<RenderedPixels> {
  checkSide(longest);
  await start();
  return draw(svg, longest, (image) => ({
    width: image.width,
    height: image.height,
    data: new Uint8ClampedArray(image.pixels),
  }));
}

/** Renders an SVG without text to the smaller of JPEG and PNG. Limits as {@link renderPixels}. */
export async function renderPicture(svg: string, longest = MAX_SIDE): Promise<RenderedPicture> {
  checkSide(longest);
  await start();
  const { png, width, height, data } = draw(svg, longest, (image) => ({
    png: new Uint8Array(image.asPng()),
    width: image.width,
    height: image.height,
    data: new Uint8ClampedArray(image.pixels),
  }));
  const jpeg = new Uint8Array(
    await encodeJpeg({ width, height, data, colorSpace: "srgb" } as ImageData, { quality: JPEG_QUALITY }),
  );
  if (jpeg.byteLength < png.byteLength) return { bytes: jpeg, type: "image/jpeg", width, height };
  return { bytes: png, type: "image/png", width, height };
}

type Image = ReturnType<InstanceType<typeof Resvg>["render"]>;

function draw<T>(svg: string, longest: number, take: (image: Image) => T): T {
  const renderer = new Resvg(svg, { fitTo: fitOf(svg, longest) });
  try {
    const image = renderer.render();
    try {
      return take(image);
    } finally {
      image.free();
    }
  } finally {
    renderer.free();
  }
}

/** The longer side becomes `longest`; pictures without a size are taken to be square. */
function fitOf(svg: string, longest: number): { mode: "width" | "height"; value: number } {
  const [width, height] = ["width", "height"].map((name) =>
    Number(new RegExp(`^<svg[^>]*? ${name}="([0-9.]+)"`).exec(svg)?.[1] ?? 1),
  );
  return { mode: height! > width! ? "height" : "width", value: longest };
}

function checkSide(longest: number): void {
  if (!(longest >= 1 && longest <= MAX_SIDE)) {
    throw new RangeError(`A picture's longer side is between 1 and ${MAX_SIDE} pixels, not ${longest}.`);
  }
}
