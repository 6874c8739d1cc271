/** Draws the page's sample scenes anew: `tsx scripts/draw-samples.ts`, after the showroom's drawings have changed. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderPicture } from "../src/demo/picture.ts";
import { SAMPLE_SIZE, sampleScenes } from "../src/demo/sample-scenes.ts";

const FOLDER = "functions/api/page/public/scenes";

await mkdir(FOLDER, { recursive: true });
for (const [name, { svg }] of sampleScenes()) {
  const { bytes } = await renderPicture(svg, SAMPLE_SIZE);
  await writeFile(join(FOLDER, `${name}.jpg`), bytes);
  console.log(`${name}.jpg: ${bytes.byteLength} bytes`);
}
