/** Draws products or scenes side by side, to look at: `tsx test/demo/contact-sheet.ts <out.png> [category…]`. */
import { writeFile } from "node:fs/promises";
import type { Category } from "../../src/demo/design.ts";
import { renderPixels } from "../../src/demo/picture.ts";
import { present } from "../../src/demo/present.ts";
import { FAMILIES } from "../../src/demo/products/families.ts";
import { Random } from "../../src/demo/random.ts";
import { STYLE_NAMES, STYLES } from "../../src/demo/styles.ts";
import { encodeSheet } from "./sheet.ts";

const [out = "/tmp/sheet.png", columns = "8", ...chosen] = process.argv.slice(2);
const tiles = [];
let time = 0;
let bytes = 0;
for (const category of chosen as Category[]) {
  for (let column = 0; column < Number(columns); column++) {
    const style = STYLES[STYLE_NAMES[(column * 3 + category.length) % STYLE_NAMES.length]!];
    const seed = column * 7919 + category.length * 31;
    const design = FAMILIES[category]!(new Random(seed), style);
    const svg = present(design, category, style, new Random(seed + 1));
    bytes += svg.length;
    const begun = process.cpuUsage().user;
    tiles.push(await renderPixels(svg, 640));
    time += (process.cpuUsage().user - begun) / 1000;
  }
}
console.log(
  `${(time / tiles.length).toFixed(1)} ms a picture, SVG of ${(bytes / tiles.length / 1024).toFixed(1)} KiB`,
);
await writeFile(out, await encodeSheet(tiles, Number(columns)));
