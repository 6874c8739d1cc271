/**
 * What each dimension adds to the similarity: filled squares agree, hollow ones disagree, and the size says how
 * much. All of them together sum up to the cosine.
 */
import type { Comparison } from "../compare.ts";
import { shape } from "../dom.ts";
import { CELL, cellAt, cellDrawing, columnsOf, peakOf } from "./cells.ts";

/** Squares smaller than this share of a cell would vanish; they are left out. */
const SMALLEST = 0.08;

const OUTLINE = 1.4;

export function contributionGrid(comparison: Comparison): SVGSVGElement {
  const { contributions } = comparison;
  const drawing = cellDrawing("contribution", contributions.length, describe(comparison));
  const columns = columnsOf(contributions.length);
  const peak = peakOf(contributions);
  for (const [index, value] of contributions.entries()) {
    const size = Math.sqrt(Math.abs(value) / peak);
    if (size >= SMALLEST) drawing.append(square(cellAt(index, columns), size * (CELL - 1), value > 0));
  }
  return drawing;
}

function square({ x, y }: { readonly x: number; readonly y: number }, side: number, agrees: boolean) {
  const inset = agrees ? 0 : Math.min(OUTLINE, side / 2) / 2;
  return shape("rect", {
    x: x + (CELL - side) / 2 + inset,
    y: y + (CELL - side) / 2 + inset,
    width: Math.max(0.1, side - 2 * inset),
    height: Math.max(0.1, side - 2 * inset),
    class: agrees ? "agree" : "disagree",
  });
}

function describe({ contributions, gain, loss }: Comparison): string {
  const agree = contributions.filter((value) => value > 0).length;
  return (
    `Agreement of the two embeddings: ${agree} of ${contributions.length} numbers agree and add ` +
    `${gain.toFixed(2)} to the similarity; the others take ${Math.abs(loss).toFixed(2)} away`
  );
}
