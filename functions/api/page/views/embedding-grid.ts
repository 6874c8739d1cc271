/** An embedding as a woven square: one cell a dimension, warm for positive and cool for negative numbers. */
import { type Embedding, signBit, strongest } from "../compare.ts";
import { shape } from "../dom.ts";
import { CELL, cellAt, cellDrawing, columnsOf, peakOf, signed } from "./cells.ts";

export function embeddingGrid(embedding: Embedding, name: string): SVGSVGElement {
  const drawing = cellDrawing("embedding", embedding.length, describe(embedding, name));
  const columns = columnsOf(embedding.length);
  const peak = peakOf(embedding);
  for (const [index, value] of embedding.entries()) {
    drawing.append(
      shape("rect", {
        ...cellAt(index, columns),
        width: CELL,
        height: CELL,
        class: signBit(value) ? "plus" : "minus",
        // The square root keeps the many small numbers visible beside the few large ones.
        "fill-opacity": Math.sqrt(Math.abs(value) / peak).toFixed(2),
      }),
    );
  }
  return drawing;
}

function describe(embedding: Embedding, name: string): string {
  const positive = embedding.reduce((count, value) => count + (signBit(value) ? 1 : 0), 0);
  const top = strongest(embedding, 3, Math.abs).map((index) => `${index} (${signed(embedding[index]!)})`);
  return (
    `Embedding of ${name}: ${embedding.length} numbers, ${positive} positive and ` +
    `${embedding.length - positive} negative; the strongest are ${top.join(", ")}`
  );
}
