/** Scenes of coloured cells, as PNG and as JPEG with an EXIF orientation. */
import jpeg from "jpeg-js";

export type Colour = readonly [number, number, number];

export const RED: Colour = [240, 20, 20];
export const BLUE: Colour = [20, 20, 240];
const GREY: Colour = [128, 128, 128];

/** A JPEG of a 4 × 4 grid; cells are named row by row. */
export function gridJpeg(
  cells: Readonly<Record<number, Colour>>,
  width = 256,
  height = 256,
): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * 4) / height) * 4 + Math.floor((x * 4) / width);
      data.set([...(cells[cell] ?? GREY), 255], (y * width + x) * 4);
    }
  }
  return new Uint8Array(jpeg.encode({ data, width, height }, 92).data);
}

/** The same file with an EXIF block that says how to turn it. */
export function oriented(file: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
  const exif = [
    ...[0xff, 0xe1, 0x00, 0x22, 0x45, 0x78, 0x69, 0x66, 0x00, 0x00],
    ...[0x4d, 0x4d, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x08, 0x00, 0x01],
    ...[0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, orientation, 0x00, 0x00],
    ...[0x00, 0x00, 0x00, 0x00],
  ];
  return new Uint8Array([...file.subarray(0, 2), ...exif, ...file.subarray(2)]);
}
