/** Why a picture's address was not followed, or led nowhere. */
import { Problem } from "../problem.ts";

/** The text is not an http or https URL without user name and password. */
export class InvalidPictureUrlError extends Problem {
  constructor(detail: string) {
    super({
      status: 400,
      code: "invalid-picture-url",
      title: "The picture's URL is not valid",
      detail,
      hint: "Give an http or https URL, without user name or password.",
    });
  }
}

/** The URL leads to a private network, or to a host or port that is not allowed. */
export class AddressRefusedError extends Problem {
  constructor(detail: string) {
    super({
      status: 400,
      code: "address-refused",
      title: "The picture's address is not allowed",
      detail,
      hint: "Put the picture on a public server, or send its bytes.",
    });
  }
}

/** The other server did not answer with a picture. */
export class PictureFetchError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 424,
      code: "picture-fetch-failed",
      title: "The picture could not be fetched",
      detail,
      hint: "Check that the URL opens without login, or send the picture's bytes.",
      cause,
    });
  }
}

/** The other server was too slow. */
export class PictureFetchTimeoutError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 504,
      code: "picture-fetch-timeout",
      title: "Fetching the picture took too long",
      detail,
      hint: "Try again later, or send the picture's bytes.",
      retryAfter: 5,
      cause,
    });
  }
}
