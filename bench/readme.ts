/** Puts a benchmark's table into the README, so that its figures are those of the result file. */
import { readFile, writeFile } from "node:fs/promises";

const README = new URL("../README.md", import.meta.url);

/** Replaces what stands between `<!-- bench NAME -->` and `<!-- /bench -->`; a README without them stays as it is. */
export async function quoteInReadme(name: string, table: string): Promise<void> {
  const text = await readFile(README, "utf8");
  const place = new RegExp(`(<!-- bench ${name} -->\n).*?(<!-- /bench -->)`, "s");
  await writeFile(
    README,
    text.replace(place, (_, begin, end) => `${begin}${table}\n${end}`),
  );
}
