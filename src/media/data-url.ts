/** Pictures inside JSON: `data:` URLs (RFC 2397). */
import { Problem } from "../problem.ts";
import { checkByteLength, type PictureLimits } from "./limits.ts";

/** The text is not a base64 data URL. */
export class InvalidDataUrlError extends Problem {
  constructor(detail: string) {
    super({
      status: 400,
      code: "invalid-data-url",
      title: "The data URL is not valid",
      detail,
      hint: "Write data:image/jpeg;base64, followed by standard base64 without spaces.",
    });
  }
}

export interface DataUrl {
  /** As written, in lower case; a claim that nothing relies on. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Longer prefixes than this hold no media type. */
const MAX_PREFIX = 200;

/** Media type and parameters, the last of which is `base64`. */
const PREFIX = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)?(?:;[a-z0-9-]+=[^;,]*)*;base64,$/i;

export function isDataUrl(text: string): boolean {
  return /^data:/i.test(text.slice(0, 5));
}

/**
 * Decodes a base64 data URL. The size is checked by arithmetic before anything is decoded.
 *
 * @throws {InvalidDataUrlError} for other schemes and encodings, spaces, wrong padding or digits
 * @throws {PictureTooLargeError} when more than `limits.maxBytes` bytes are encoded
 */
export function parseDataUrl(text: string, limits: Pick<PictureLimits, "maxBytes"> = {}): DataUrl {
  const comma = text.slice(0, MAX_PREFIX).indexOf(",");
  const match = PREFIX.exec(text.slice(0, comma + 1));
  if (!match) throw new InvalidDataUrlError("The text does not start as a base64 data URL does.");
  const digits = text.length - comma - 1;
  if (digits === 0) throw new InvalidDataUrlError("The data URL is empty.");
  if (digits % 4 !== 0) throw new InvalidDataUrlError("The base64 text is cut off or lacks its padding.");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  checkByteLength((digits / 4) * 3 - padding, limits);
  return {
    mediaType: (match[1] ?? "text/plain").toLowerCase(),
    bytes: decodeBase64(text, comma + 1, padding),
  };
}

/** 255 marks what is not a base64 digit. */
const DIGIT_VALUES = new Uint8Array(256).fill(255);
for (const [value, digit] of [
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
].entries()) {
  DIGIT_VALUES[digit.charCodeAt(0)] = value;
}

function decodeBase64(text: string, start: number, padding: number): Uint8Array {
  const end = text.length - padding;
  const bytes = new Uint8Array(((text.length - start) / 4) * 3 - padding);
  let bits = 0;
  let available = 0;
  let written = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const value = code < 256 ? DIGIT_VALUES[code]! : 255;
    if (value === 255)
      throw new InvalidDataUrlError(`Character ${at - start + 1} of the data is not a base64 digit.`);
    bits = (bits << 6) | value;
    available += 6;
    if (available >= 8) {
      available -= 8;
      bytes[written++] = (bits >> available) & 255;
      bits &= (1 << available) - 1;
    }
  }
  if (bits !== 0) throw new InvalidDataUrlError("The base64 text does not end on a whole byte.");
  return bytes;
}
