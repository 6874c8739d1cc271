/** Lays the dimensions of an embedding out as a square of cells. */
import { shape } from "../dom.ts";

/** Side of a cell in the drawing's own units. */
export const CELL = 10;

/** Cells a row: 16 for 256 dimensions. */
export function columnsOf(dimensions: number): number {
  return Math.ceil(Math.sqrt(dimensions));
}

/** Left and top of the cell that shows dimension `index`. */
export function cellAt(index: number, columns: number): { readonly x: number; readonly y: number } {
  return { x: (index % columns) * CELL, y: Math.floor(index / columns) * CELL };
}

/** An empty drawing with room for `dimensions` cells; `label` is its text alternative. */
export function cellDrawing(kind: string, dimensions: number, label: string): SVGSVGElement {
  const columns = columnsOf(dimensions);
  const rows = Math.ceil(dimensions / columns);
  return shape("svg", {
    class: `cells ${kind}`,
    viewBox: `0 0 ${columns * CELL} ${rows * CELL}`,
    role: "img",
    "aria-label": label,
    "data-columns": columns,
    "data-dimensions": dimensions,
  });
}

/** The largest magnitude, or 1 when all are zero: the scale of the drawing. */
export function peakOf(values: Float32Array): number {
  return values.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0) || 1;
}

/** A number with an explicit, typographic sign: `+0.12`, `−0.30`. */
export function signed(value: number, digits = 2): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}
