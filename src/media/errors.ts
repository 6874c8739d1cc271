/** What can be wrong with a picture. Each class is a problem with its own status and advice. */
import { Problem } from "../problem.ts";

/** The picture is beyond a limit: bytes, pixels, side, aspect ratio, memory or time it would take to decode. */
export class PictureTooLargeError extends Problem {
  constructor(detail: string, hint = "Send a smaller picture: models look at a few hundred pixels a side.") {
    super({ status: 413, code: "picture-too-large", title: "The picture is too large", detail, hint });
  }
}

/** Not a picture, or of a kind that is not decoded. */
export class UnsupportedPictureError extends Problem {
  constructor(detail: string, hint = "Send a JPEG, PNG, WebP, AVIF or GIF file.") {
    super({
      status: 415,
      code: "unsupported-picture",
      title: "The picture's format is not supported",
      detail,
      hint,
    });
  }
}

/** The file is of a known format but broken: cut off, corrupt, or lying about itself. */
export class InvalidPictureError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 422,
      code: "invalid-picture",
      title: "The picture cannot be decoded",
      detail,
      hint: "Open the file in a picture editor and save it again.",
      cause,
    });
  }
}

/** The caller's time ran out before the picture was decoded. */
export class PictureTimeoutError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 503,
      code: "picture-timeout",
      title: "Decoding took too long",
      detail,
      hint: "Try again, or send a smaller picture.",
      retryAfter: 1,
      cause,
    });
  }
}

/** A crop box is empty or reaches beyond the picture. */
export class InvalidCropError extends Problem {
  constructor(detail: string) {
    super({
      status: 422,
      code: "invalid-crop",
      title: "The crop is not inside the picture",
      detail,
      hint: "Give corners as fractions of the upright picture: 0 ≤ x0 < x1 ≤ 1 and 0 ≤ y0 < y1 ≤ 1.",
    });
  }
}
