/** The reading below the board: each picture's embedding, code and times, and between them how they agree. */
import type { Comparison, Embedding } from "../compare.ts";
import { part } from "../dom.ts";
import type { Encoding } from "../encode/encoding.ts";
import { trailOf } from "../encode/trail.ts";
import { signed } from "./cells.ts";
import { codeStrip, differenceStrip } from "./code-strip.ts";
import { contributionGrid } from "./contribution-grid.ts";
import { dimensionTable } from "./dimension-table.ts";
import { embeddingGrid } from "./embedding-grid.ts";
import { stageBar } from "./stage-bar.ts";

/** One picture's column; empty without an encoding. */
export function showEncoding(column: HTMLElement, name: string, encoding: Encoding | undefined): void {
  column.hidden = encoding === undefined;
  if (encoding === undefined) return;
  part(column, "grid").replaceChildren(embeddingGrid(encoding.embedding, name));
  part(column, "code").replaceChildren(codeStrip(encoding.embedding, name));
  part(column, "stages").replaceChildren(stageBar(encoding.stages));
  part(column, "trail").textContent = trailOf(encoding);
  part(column, "sha256").textContent = encoding.sha256;
}

/** The column in the middle; empty while a picture is missing. */
export function showAgreement(
  column: HTMLElement,
  pair: readonly [Embedding, Embedding] | undefined,
  comparison: Comparison | undefined,
): void {
  column.hidden = pair === undefined || comparison === undefined;
  if (pair === undefined || comparison === undefined) return;
  part(column, "grid").replaceChildren(contributionGrid(comparison));
  part(column, "gain").textContent = signed(comparison.gain);
  part(column, "loss").textContent = signed(comparison.loss);
  part(column, "code").replaceChildren(differenceStrip(...pair));
  part(column, "table").replaceChildren(dimensionTable(...pair, comparison));
}
