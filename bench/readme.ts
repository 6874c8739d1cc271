/** Puts a benchmark's table into the documents that quote it, so that their figures are those of the result file. */
import { readFile, writeFile } from "node:fs/promises";

const DOCUMENTS = ["README.md", "docs/engine.md", "docs/feed.md"].map(
  (path) => new URL(`../${path}`, import.meta.url),
);

/** Replaces what stands between `<!-- bench NAME -->` and `<!-- /bench -->`; documents without them stay as they are. */
export async function quoteInDocuments(name: string, table: string): Promise<void> {
  const place = new RegExp(`(<!-- bench ${name} -->\n).*?(<!-- /bench -->)`, "s");
  for (const document of DOCUMENTS) {
    const text = await readFile(document, "utf8");
    const quoted = text.replace(place, (_, begin, end) => `${begin}${table}\n${end}`);
    if (quoted !== text) await writeFile(document, quoted);
  }
}
