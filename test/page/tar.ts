/** Reads uncompressed tar files. */
import { open } from "node:fs/promises";

const BLOCK = 512;

/**
 * The named files of a tar.
 * @throws when one of them is missing
 */
export async function readFromTar(path: string, names: readonly string[]): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const handle = await open(path);
  try {
    const header = Buffer.alloc(BLOCK);
    for (let offset = 0; found.size < names.length; ) {
      const { bytesRead } = await handle.read(header, 0, BLOCK, offset);
      if (bytesRead < BLOCK || header[0] === 0) break;
      const name = header.toString("utf8", 0, 100).replace(/\0.*$/s, "");
      const size = Number.parseInt(header.toString("latin1", 124, 135), 8);
      if (names.includes(name)) {
        const bytes = new Uint8Array(size);
        await handle.read(bytes, 0, size, offset + BLOCK);
        found.set(name, bytes);
      }
      offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
  } finally {
    await handle.close();
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`${path} has no ${missing.join(", ")}`);
  return found;
}
