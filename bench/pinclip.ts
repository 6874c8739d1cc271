/** PinCLIP: its towers in workerd against native code, and a search in words from request to answer. */
import { markdownTable, type Row } from "./bench.ts";
import { IN_NODE, OURS } from "./pinclip/subjects.ts";
import { SERVED, textSearch } from "./pinclip/text-search.ts";
import { tokenizer } from "./pinclip/tokenizer.ts";
import { imageTower, joining, textTower } from "./pinclip/towers.ts";
import type { Report } from "./report.ts";

export const bench: Report = {
  title: "PinCLIP, one at a time",
  rounds: 7,
  sections: [imageTower, textTower, joining, tokenizer, textSearch],
  quoted(rows) {
    const ofSearch = (row: Row) => row.case.startsWith(`${textSearch.name}: `);
    const networks = rows
      .filter((row) => !ofSearch(row) && row.subject !== IN_NODE)
      .map(unprefixed("joining"));
    const searches = rows.filter(ofSearch).map(unprefixed(textSearch.name));
    const tables = [
      { rows: networks, ours: OURS },
      { rows: searches, ours: SERVED },
    ];
    return tables.map((one) => markdownTable(one.rows, { ours: one.ours, unit: "ms" })).join("\n\n");
  },
};

const unprefixed = (section: string) => (row: Row) => ({
  ...row,
  case: row.case.replace(`${section}: `, ""),
});
