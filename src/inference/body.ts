/** Reads the body of a request or response, up to a limit. */
import { BodyTooLargeError, CallerGoneError } from "./errors.ts";

/** How much more of a request that is too long is read and thrown away, as a multiple of its limit. */
const DISCARDED_LIMITS = 3;

/**
 * The whole body, in one array.
 * @param maxBytes No more than that is kept.
 * @throws {BodyTooLargeError} A sender that is cut off while it sends never sees the answer, so that the rest of a
 *   request is read and discarded, up to a point; the rest of a response is not waited for.
 * @throws {CallerGoneError} when a request ends before its body does.
 */
export async function readBody(
  message: Request | Response,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (message.body === null) return new Uint8Array(0);
  const reader = message.body.getReader();
  const chunks = await readChunks(reader, maxBytes).catch((error) => {
    throw message instanceof Request ? new CallerGoneError() : error;
  });
  if (chunks) return chunks.length === 1 ? chunks[0]! : concatenate(chunks);
  if (message instanceof Request) await discard(reader, maxBytes * DISCARDED_LIMITS);
  await reader.cancel();
  throw new BodyTooLargeError(maxBytes);
}

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** Undefined as soon as the chunks are longer than `maxBytes`. */
async function readChunks(reader: Reader, maxBytes: number): Promise<Uint8Array<ArrayBuffer>[] | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.byteLength;
    if (length > maxBytes) return undefined;
    chunks.push(next.value);
  }
  return chunks;
}

async function discard(reader: Reader, maxBytes: number): Promise<void> {
  let length = 0;
  for (let next = await reader.read(); !next.done && length < maxBytes; next = await reader.read()) {
    length += next.value.byteLength;
  }
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
