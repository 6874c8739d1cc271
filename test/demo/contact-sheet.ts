/**
 * Draws products or scenes side by side, to look at.
 *
 *     tsx test/demo/contact-sheet.ts sheet.jpg 8 chair sofa dress     eight of each category
 *     tsx test/demo/contact-sheet.ts sheet.jpg 5 scenes               five rooms, five outfits
 *     tsx test/demo/contact-sheet.ts sheet.jpg 6 views chair mug      six views of one product of each
 */
import { writeFile } from "node:fs/promises";
import { CATEGORIES } from "../../src/demo/design.ts";
import { renderPixels } from "../../src/demo/picture.ts";
import { drawView, generateProducts } from "../../src/demo/products.ts";
import { generateScenes } from "../../src/demo/scenes.ts";
import { encodeSheet } from "./sheet.ts";

const [out = "sheet.jpg", columnsText = "8", ...chosen] = process.argv.slice(2);
const columns = Number(columnsText);
const seed = Number(process.env.SEED ?? 1);
const products = generateProducts({ seed, count: CATEGORIES.length * columns });
const pictures: string[] = [];
if (chosen[0] === "scenes") {
  const many = generateProducts({ seed, count: 300 });
  const scenes = generateScenes({ seed, count: columns * 4, products: many });
  for (const kind of ["room", "outfit"]) {
    for (const scene of scenes.filter((each) => each.kind === kind)) {
      const { width, height } = kind === "room" ? { width: 640, height: 480 } : { width: 512, height: 640 };
      const boxes = scene.objects.map(
        ({ box: [x0, y0, x1, y1] }) =>
          `<rect x="${x0 * width}" y="${y0 * height}" width="${(x1 - x0) * width}" height="${(y1 - y0) * height}" fill="none" stroke="#f0f"/>`,
      );
      pictures.push(process.env.BOXES ? scene.svg.replace("</svg>", `${boxes.join("")}</svg>`) : scene.svg);
    }
  }
} else if (chosen[0] === "views") {
  for (const product of products
    .slice(0, CATEGORIES.length)
    .filter(({ category }) => chosen.includes(category))) {
    for (let view = 0; view < columns; view++) pictures.push(drawView(product, view));
  }
} else {
  for (const category of chosen.length > 0 ? chosen : CATEGORIES) {
    pictures.push(...products.filter((product) => product.category === category).map(({ svg }) => svg));
  }
}
const tiles = [];
for (const svg of pictures) tiles.push(await renderPixels(svg));
await writeFile(out, await encodeSheet(tiles, columns));
