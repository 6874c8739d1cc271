/** Tables for terminals. */

/** Columns as wide as their longest cell; numbers to the right. The first row is the heading. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, String(cell).length);
    }
  }
  const line = (row: readonly (string | number)[]) =>
    row
      .map((cell, column) => {
        const text = String(cell);
        return typeof cell === "number" ? text.padStart(widths[column]!) : text.padEnd(widths[column]!);
      })
      .join("  ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

/** Text for one cell: on one line, and not longer than `width`. */
export function cell(text: string | undefined, width: number): string {
  const flat = (text ?? "").replace(/[\p{Cc}\s]+/gu, " ").trim();
  return flat.length > width ? `${flat.slice(0, width - 1)}…` : flat;
}
