/** zlib data, decompressed by the platform piece by piece. */
import { InvalidPictureError } from "../errors.ts";

/** Deflate expands up to 1032 times, and platforms may expand a piece as a whole: 16 MiB at most, then. */
const PIECE_BYTES = 16 * 1024;

/**
 * Yields decompressed pieces as they come. Leaving the loop early stops the decompression.
 *
 * @throws {InvalidPictureError} when the data are damaged, cut off, or their checksum is wrong
 */
export async function* inflate(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream("deflate");
  const reader = stream.readable.getReader();
  const writer = stream.writable.getWriter();
  const feeding = feed(writer, parts);
  // The reader reports the same failure; without a handler it would also count as unhandled.
  feeding.catch(() => {});
  writer.closed.catch(() => {});
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
    await feeding;
  } catch (cause) {
    throw new InvalidPictureError("The PNG's picture data are damaged or cut off.", cause);
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function feed(
  writer: WritableStreamDefaultWriter<BufferSource>,
  parts: readonly Uint8Array[],
): Promise<void> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      await writer.ready;
      await writer.write(part.subarray(at, at + PIECE_BYTES) as Uint8Array<ArrayBuffer>);
    }
  }
  await writer.close();
}
