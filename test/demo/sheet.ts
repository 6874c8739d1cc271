/** Lays pictures out in a grid, after the renderer has been started (it loads the encoder). */
import encodeJpeg from "@jsquash/jpeg/encode.js";
import type { RenderedPixels } from "../../src/demo/picture.ts";

/** Every second pixel is kept, so that a sheet of many pictures can be looked at. */
const SHRINK = 2;

export async function encodeSheet(tiles: readonly RenderedPixels[], columns: number): Promise<Uint8Array> {
  const cell = Math.max(...tiles.map(({ width, height }) => Math.max(width, height))) / SHRINK;
  const rows = Math.ceil(tiles.length / columns);
  const [width, height] = [cell * columns, cell * rows];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [index, tile] of tiles.entries()) {
    const left = (index % columns) * cell + Math.floor((cell - tile.width / SHRINK) / 2);
    const top = Math.floor(index / columns) * cell;
    for (let y = 0; y < Math.floor(tile.height / SHRINK); y++) {
      for (let x = 0; x < Math.floor(tile.width / SHRINK); x++) {
        for (let channel = 0; channel < 4; channel++) {
          let sum = 0;
          for (let dy = 0; dy < SHRINK; dy++) {
            for (let dx = 0; dx < SHRINK; dx++)
              sum += tile.data[((y * SHRINK + dy) * tile.width + x * SHRINK + dx) * 4 + channel]!;
          }
          data[((top + y) * width + left + x) * 4 + channel] = sum / SHRINK ** 2;
        }
      }
    }
  }
  return new Uint8Array(
    await encodeJpeg({ width, height, data, colorSpace: "srgb" } as ImageData, { quality: 88 }),
  );
}
