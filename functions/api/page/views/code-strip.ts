/** The binary code of an embedding as punched tape: a hole for every positive number. */
import { type Embedding, signBit } from "../compare.ts";
import { shape } from "../dom.ts";

const COLUMNS = 64;
const PITCH = 10;
const HOLE = 6.4;

/** The code of one picture. */
export function codeStrip(embedding: Embedding, name: string): SVGSVGElement {
  const bits = Array.from(embedding, signBit);
  const ones = bits.filter(Boolean).length;
  return tape("code", bits, `Binary code of ${name}: ${bits.length} bits, ${ones} of them set`);
}

/** Where two codes differ. */
export function differenceStrip(a: Embedding, b: Embedding): SVGSVGElement {
  const bits = Array.from(a, (value, index) => signBit(value) !== signBit(b[index]!));
  const different = bits.filter(Boolean).length;
  return tape("difference", bits, `The two codes differ in ${different} of ${bits.length} bits`);
}

function tape(kind: string, bits: readonly boolean[], label: string): SVGSVGElement {
  const columns = Math.min(COLUMNS, bits.length);
  const rows = Math.ceil(bits.length / columns);
  const drawing = shape("svg", {
    class: `tape ${kind}`,
    viewBox: `0 0 ${columns * PITCH} ${rows * PITCH}`,
    role: "img",
    "aria-label": label,
  });
  for (const [index, bit] of bits.entries()) {
    const x = (index % columns) * PITCH + PITCH / 2;
    const y = Math.floor(index / columns) * PITCH + PITCH / 2;
    drawing.append(
      bit
        ? shape("rect", {
            x: x - HOLE / 2,
            y: y - HOLE / 2,
            width: HOLE,
            height: HOLE,
            rx: 1.2,
            class: "set",
          })
        : shape("circle", { cx: x, cy: y, r: 1.1, class: "unset" }),
    );
  }
  return drawing;
}
