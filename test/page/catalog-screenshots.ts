/**
 * Takes the README's screenshots of search and catalogue, of a showroom that is filled first:
 * `npx tsx test/page/catalog-screenshots.ts`, after `npm run build`.
 */
import { join, resolve } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import sharp from "sharp";
import { Corkboard } from "../../src/client/index.ts";
import { fillCatalogue } from "../../src/demo/fill.ts";
import { startServe, temporaryFolder } from "../api/serve.ts";
import { launchBrowser } from "../browser.ts";

const IMAGES = resolve(import.meta.dirname, "../../docs/images");
const MAX_BYTES = 300_000;
const PRODUCTS = 168;

/** What one of the showroom's categories is searched by. */
const SUBJECT = "armchair";

const DESKTOP = { viewport: { width: 1280, height: 1000 } };
const PHONE = { viewport: { width: 390, height: 1000 }, hasTouch: true, isMobile: true };

/** @param origin of a server whose catalogue has the showroom's products */
async function capture(origin: string): Promise<void> {
  const { items } = await new Corkboard({ baseUrl: origin }).items.list({ category: SUBJECT, limit: 1 });
  const like = `#/search?like=${items[0]!.id}`;
  const shots: [file: string, hash: string, options: BrowserContextOptions][] = [
    ["search-desktop.png", `${like}&crop=0.15,0.2,0.85,0.9`, DESKTOP],
    ["search-phone.png", like, PHONE],
    ["search-dark.png", like, { ...DESKTOP, colorScheme: "dark" }],
    ["catalog-desktop.png", "#/catalog", DESKTOP],
  ];
  const browser = await launchBrowser();
  for (const [file, hash, options] of shots) {
    const context = await browser.newContext({ reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    await page.goto(`${origin}/${hash}`);
    await page.locator(".pinned:not(.skeleton), .entry").first().waitFor();
    await page.waitForLoadState("networkidle");
    const png = await page.screenshot();
    const picture = sharp(png).png({ palette: true, quality: 80, dither: 0.2, effort: 10 });
    const { size } = await picture.toFile(join(IMAGES, file));
    console.log(`${file}: ${size} bytes`);
    if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes; ${MAX_BYTES} are allowed`);
    await context.close();
  }
  await browser.close();
}

/** Waits until every picture is embedded. */
async function settled(origin: string): Promise<void> {
  const client = new Corkboard({ baseUrl: origin });
  while ((await client.catalog()).states.pending > 0) await new Promise((done) => setTimeout(done, 500));
}

const [running] = process.argv.slice(2);
if (running !== undefined) await capture(running);
else {
  const folder = await temporaryFolder();
  const server = await startServe(folder.path, "--quiet");
  try {
    await fillCatalogue({ baseUrl: server.origin, count: PRODUCTS, batchSize: 5 });
    await settled(server.origin);
    await capture(server.origin);
  } finally {
    await server.stop();
    await folder.remove();
  }
}
