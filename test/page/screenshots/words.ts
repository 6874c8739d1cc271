/**
 * Screenshots of searches by words over 2,000 pictures that have none: clothes of alexeygrigorev/clothing-dataset
 * (CC0), groceries of marcusklasson/GroceryStoreDataset (MIT), curtains, pots and toasters of
 * Arka-h/pot-curtain-toaster-object-detection-classes-dataset (MIT), and drawn furniture of the showroom. Skipped where
 * the folder that `CORKBOARD_DATA` names is not there.
 */
import { existsSync } from "node:fs";
import { Corkboard } from "../../../src/client/index.ts";
import { renderPicture } from "../../../src/demo/picture.ts";
import { generateProducts, SHOWROOM } from "../../../src/demo/products.ts";
import { launchBrowser } from "../../browser.ts";
import { DATA, manifest, photographs } from "./data-set.ts";
import { save } from "./shot.ts";
import { withServer } from "./showroom-server.ts";

const PICTURES = 2_000;

/** Pictures that models were not trained on come first, others fill up. */
const HELD_OUT: readonly string[] = ["val", "test"];
const SETS = ["clothing", "grocery", "home-objects"] as const;

const FURNITURE: readonly string[] = ["chair", "armchair", "table", "sofa", "shelf", "lamp"];
const DRAWING_SIDE = 256;

const VIEWPORT = { width: 1280, height: 860 };

const SHOTS = [
  { file: "words-red-dress.png", words: "red dress" },
  { file: "words-wooden-chair.png", words: "wooden chair" },
  { file: "words-tomato.png", words: "tomato" },
] as const;

interface Picture {
  readonly id: string;
  readonly image: Blob;
}

export async function captureWords(): Promise<void> {
  if (!existsSync(DATA)) {
    console.log(`There is no ${DATA}: no screenshots of words.`);
    return;
  }
  const pictures = await choosePictures();
  console.log(`${pictures.length} pictures`);
  await withServer(
    async (origin) => {
      const { items } = new Corkboard({ baseUrl: origin });
      for await (const result of items.batch(pictures))
        if (!result.ok) throw new Error(result.problem.detail);
    },
    async (origin) => {
      const browser = await launchBrowser();
      try {
        for (const { file, words } of SHOTS) {
          const page = await browser.newPage({ viewport: VIEWPORT, reducedMotion: "reduce" });
          await page.goto(`${origin}/#/search?${new URLSearchParams({ q: words })}`);
          await page.locator("[data-part=results]:not([aria-busy]) > .pinned").first().waitFor();
          await page.locator("[data-part=ask]").evaluate((box) => {
            scrollTo({ top: box.getBoundingClientRect().top + scrollY - 50, behavior: "instant" });
          });
          await page.waitForLoadState("networkidle");
          await save(page, file);
          await page.close();
        }
      } finally {
        await browser.close();
      }
    },
  );
}

async function choosePictures(): Promise<Picture[]> {
  const drawings = await drawFurniture();
  const rows = (
    await Promise.all(SETS.map(async (set) => (await manifest(set)).map((row) => ({ set, ...row }))))
  ).flat();
  const isHeldOut = ({ split }: { readonly split: string }) => HELD_OUT.includes(split);
  const ordered = [...rows.filter(isHeldOut), ...rows.filter((row) => !isHeldOut(row))];
  const chosen = ordered.slice(0, PICTURES - drawings.length);
  const photographed = await Promise.all(
    SETS.map(async (set) => {
      const files = chosen.filter((row) => row.set === set).map(({ file }) => file);
      const bytes = await photographs(set, files);
      return files.map(
        (_, at): Picture => ({
          id: `${set}-${String(at + 1).padStart(4, "0")}`,
          image: new Blob([bytes[at]!.slice()], { type: "image/jpeg" }),
        }),
      );
    }),
  );
  return [...drawings, ...photographed.flat()];
}

async function drawFurniture(): Promise<Picture[]> {
  const products = generateProducts(SHOWROOM).filter(({ category }) => FURNITURE.includes(category));
  return Promise.all(
    products.map(async ({ id, svg }) => {
      const { bytes, type } = await renderPicture(svg, DRAWING_SIDE);
      return { id, image: new Blob([bytes.slice()], { type }) };
    }),
  );
}
