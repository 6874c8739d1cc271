/** Reads the body of a request or response, up to a limit. */
import { BodyTooLargeError } from "./errors.ts";

/**
 * The whole body, in one array.
 * @param maxBytes Reading stops as soon as the body turns out to be longer.
 * @throws {BodyTooLargeError}
 */
export async function readBody(
  message: Request | Response,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(message.headers.get("content-length") ?? 0);
  if (declared > maxBytes) {
    await message.body?.cancel();
    throw new BodyTooLargeError(maxBytes);
  }
  if (message.body === null) return new Uint8Array(0);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = message.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.byteLength;
    if (length > maxBytes) {
      await reader.cancel();
      throw new BodyTooLargeError(maxBytes);
    }
    chunks.push(next.value);
  }
  return chunks.length === 1 ? chunks[0]! : concatenate(chunks);
}

/** Copies all parts into one array. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
