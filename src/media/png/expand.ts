/** Rows of every PNG colour type and bit depth, expanded to RGBA words. */
import type { PngLayout } from "./header.ts";

const OPAQUE = 0xff000000;

/** Writes the pixels of `row` to `out` at `start`, `start + step`, … as 0xAABBGGRR. */
export type ExpandRow = (
  row: Uint8Array,
  count: number,
  out: Int32Array,
  start: number,
  step: number,
) => void;

/** The expander for a picture. Of 16-bit channels the high byte is kept, as Pillow and libpng do. */
export function rowExpander(layout: PngLayout): ExpandRow {
  const { colourType, bitDepth, transparency } = layout;
  if (colourType === 3 || (colourType === 0 && bitDepth <= 8)) return expandLookup(layout);
  const wide = bitDepth === 16 ? 2 : 1;
  const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[colourType];
  const key = transparency && transparency.length >= 2 * channels ? transparency : undefined;
  return expandChannels(channels, wide, key);
}

/** Palettes and grey of up to 8 bits: one table of at most 256 words. */
function expandLookup({ colourType, bitDepth, palette, transparency }: PngLayout): ExpandRow {
  const table = new Uint32Array(1 << bitDepth).fill(OPAQUE);
  const highest = table.length - 1;
  for (let index = 0; index < table.length; index++) {
    if (colourType === 0) {
      const grey = Math.floor((index * 255) / highest);
      const transparent = transparency && transparency.length >= 2 && transparency[1] === index;
      table[index] = ((transparent ? 0 : OPAQUE) | (grey * 0x010101)) >>> 0;
    } else if (palette && index * 3 < palette.length) {
      const alpha = transparency?.[index] ?? 255;
      const at = index * 3;
      table[index] =
        ((alpha << 24) | (palette[at + 2]! << 16) | (palette[at + 1]! << 8) | palette[at]!) >>> 0;
    }
  }
  const perByte = 8 / bitDepth;
  return (row, count, out, start, step) => {
    if (bitDepth === 8) {
      for (let x = 0, to = start; x < count; x++, to += step) out[to] = table[row[x]!]!;
      return;
    }
    for (let x = 0, to = start; x < count; x++, to += step) {
      const byte = row[Math.floor(x / perByte)]!;
      const shift = 8 - bitDepth * ((x % perByte) + 1);
      out[to] = table[(byte >> shift) & highest]!;
    }
  };
}

/**
 * @param channels 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
 * @param wide bytes a channel, 1 or 2 (high byte first)
 * @param key 16-bit channels of the colour that is transparent
 */
function expandChannels(channels: number, wide: 1 | 2, key: Uint8Array | undefined): ExpandRow {
  const colours = channels >= 3 ? 3 : 1;
  const green = colours === 3 ? wide : 0;
  const blue = colours === 3 ? 2 * wide : 0;
  const alphaAt = colours * wide;
  const hasAlpha = channels % 2 === 0;
  return (row, count, out, start, step) => {
    const stride = channels * wide;
    for (let x = 0, from = 0, to = start; x < count; x++, from += stride, to += step) {
      let alpha = hasAlpha ? row[from + alphaAt]! : 255;
      if (key && matchesKey(row, from, colours, wide, key)) alpha = 0;
      out[to] = ((alpha << 24) | (row[from + blue]! << 16) | (row[from + green]! << 8) | row[from]!) >>> 0;
    }
  };
}

function matchesKey(row: Uint8Array, from: number, colours: number, wide: 1 | 2, key: Uint8Array): boolean {
  for (let channel = 0; channel < colours; channel++) {
    const at = from + channel * wide;
    if (row[at + wide - 1] !== key[2 * channel + 1]) return false;
    if (wide === 2 && row[at] !== key[2 * channel]) return false;
  }
  return true;
}
