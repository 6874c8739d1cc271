/**
 * Screenshots of the view that compares. The photographs are of alexeygrigorev/clothing-dataset (CC0), 144×192
 * pixels, from the folder that `CORKBOARD_DATA` names.
 */
import { join, resolve } from "node:path";
import { env } from "node:process";
import { type DevServer, startDevServer } from "../../api/dev-server.ts";
import { launchBrowser } from "../../browser.ts";
import { readFromTar } from "../tar.ts";
import { type PictureFile, type Visit, type VisitOptions, visit } from "../visit.ts";
import { save } from "./shot.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const SHOWN_ORIGIN = "http://127.0.0.1:8787";

/** What the photographs show, and where they are in the data set. */
const PHOTOS = {
  "brown-shoes.jpg": "110dcf71-51c7-4b18-9a45-5d3dc1fef6d8.jpg",
  "dark-boots.jpg": "132e5fa5-ed38-4293-8dff-20727b6b5ac2.jpg",
  "green-clogs.jpg": "16ac9e08-b2f1-47c9-93a3-eba709d0acf1.jpg",
  "warm-up.jpg": "18ff3e0e-6676-4f26-8be4-a992217ac524.jpg",
  "blue-sandals.jpg": "15a64aac-f93a-4aee-9bca-24b94eccdfbe.jpg",
} as const;

const WARM_UP = "warm-up.jpg";

interface Shot {
  readonly file: string;
  readonly options: VisitOptions;
  readonly pictures: readonly [keyof typeof PHOTOS, keyof typeof PHOTOS];
  /** Height to keep, in CSS pixels; the rest of the page is cut off. */
  readonly height: number;
}

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const SHOTS: readonly Shot[] = [
  {
    file: "page-desktop.png",
    options: { encoder: "auto", viewport: DESKTOP },
    pictures: ["brown-shoes.jpg", "dark-boots.jpg"],
    height: 2000,
  },
  {
    file: "page-dark.png",
    options: { encoder: "auto", viewport: DESKTOP, colorScheme: "dark" },
    pictures: ["green-clogs.jpg", "dark-boots.jpg"],
    height: 1350,
  },
  {
    file: "page-phone.png",
    options: { encoder: "auto", ...PHONE },
    pictures: ["blue-sandals.jpg", "green-clogs.jpg"],
    height: 1500,
  },
];

async function readPhotos(): Promise<Map<string, PictureFile>> {
  const tar = join(resolve(ROOT, env.CORKBOARD_DATA ?? "../shared/data"), "images/clothing/part-0.tar");
  const files = await readFromTar(tar, Object.values(PHOTOS));
  return new Map(
    Object.entries(PHOTOS).map(([name, inTar]) => [
      name,
      { name, mimeType: "image/jpeg", bytes: files.get(inTar)! },
    ]),
  );
}

/** So that the page finds it in the cache. */
async function embed(server: DevServer, { name, mimeType, bytes }: PictureFile): Promise<void> {
  const form = new FormData();
  form.append("image", new Blob([bytes.slice()], { type: mimeType }), name);
  await server.fetch("/v1/embeddings", { method: "POST", body: form });
}

async function capture({ page }: Visit, { file, height }: Shot): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.mouse.move(0, 0);
  const full = await page.evaluate(() => document.documentElement.scrollHeight);
  const width = page.viewportSize()?.width ?? DESKTOP.width;
  await save(page, file, { fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(full, height) } });
}

export async function captureComparison(): Promise<void> {
  const photos = await readPhotos();
  const server = await startDevServer();
  // The page should show the port that `npm run dev` listens on.
  const browser = await launchBrowser({
    args: [`--host-resolver-rules=MAP ${new URL(SHOWN_ORIGIN).host} ${new URL(server.origin).host}`],
  });
  try {
    for (const shot of SHOTS) {
      const visitor = await visit(browser, SHOWN_ORIGIN, shot.options);
      const [a, b] = shot.pictures.map((name) => photos.get(name)!) as [PictureFile, PictureFile];
      await embed(server, a);
      // Somebody who has used the page before has the model loaded.
      await visitor.encodeOn("wasm");
      await visitor.choose("B", photos.get(WARM_UP)!);
      await visitor.encoded("B");
      await visitor.encodeOn(shot.options.encoder ?? "auto");
      await visitor.choose("A", a);
      await visitor.encoded("A");
      await visitor.choose("B", b);
      await visitor.encoded("B");
      await capture(visitor, shot);
      await visitor.leave();
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}
