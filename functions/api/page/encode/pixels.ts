/** Decodes pictures with the browser's own decoders, upright, colours as stored, as the server does. */
import { MAX_PICTURE_PIXELS } from "../../../../src/media/limits.ts";
import type { Picture as Pixels } from "../../../../src/media/picture.ts";
import { PageProblem } from "../problem.ts";

/** @throws {PageProblem} when the browser cannot decode it, or it has more pixels than the server accepts. */
export async function decode(picture: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(picture, {
    imageOrientation: "from-image",
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  }).catch((cause: unknown) => {
    throw new PageProblem(
      {
        code: "undecodable",
        title: "This browser cannot decode the picture",
        detail: "This browser cannot decode the picture.",
        hint: "Choose Auto or Server to let the server try.",
      },
      cause,
    );
  });
  try {
    return read(bitmap);
  } finally {
    bitmap.close();
  }
}

function read(bitmap: ImageBitmap): Pixels {
  const { width, height } = bitmap;
  if (width * height > MAX_PICTURE_PIXELS) {
    throw new PageProblem({
      code: "too-many-pixels",
      title: "The picture has too many pixels",
      detail: `The picture is ${width}×${height}; at most ${MAX_PICTURE_PIXELS} pixels are accepted.`,
      hint: "Save a smaller copy of it and try that.",
    });
  }
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser lends no canvas to workers");
  context.drawImage(bitmap, 0, 0);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}
