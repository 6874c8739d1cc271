/**
 * Screenshots of looks in photographs, from the folder that `CORKBOARD_DATA` names; skipped where it is not there.
 *
 * The person is of bearpaw/clothing-co-parsing (Apache-2.0), the room of
 * Arka-h/pot-curtain-toaster-object-detection-classes-dataset (MIT), the clothes in the catalogue of
 * alexeygrigorev/clothing-dataset (CC0).
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Corkboard } from "../../../src/client/index.ts";
import { launchBrowser } from "../../browser.ts";
import { dropFiles } from "../showroom.ts";
import { DATA, manifest, photographs, type Row } from "./data-set.ts";
import { chooseThing } from "./looks.ts";
import { DESKTOP, save } from "./shot.ts";
import { withServer } from "./showroom-server.ts";

const SCENES = [
  { file: "looks-person.png", set: "clothing-co-parsing", picture: "0479.jpg", thing: "hat" },
  { file: "looks-room.png", set: "home-objects", picture: "train-e6d04cfad7e6.jpg", thing: "curtain" },
] as const;

/** Clothes by the set's labels, as a shop calls them; and how many of each the catalogue gets. */
const CLOTHES: Readonly<Record<string, string>> = {
  Hat: "hat",
  Skirt: "skirt",
  Shoes: "shoes",
  Dress: "dress",
  Pants: "trousers",
  "T-Shirt": "t-shirt",
  Outwear: "outerwear",
  Longsleeve: "long-sleeved top",
  Shorts: "shorts",
};
const OF_EACH = 14;

/** Curtains that fill most of their picture, as in shops. */
const CURTAINS = 24;
const MOST_OF_IT = 0.45;

interface Photograph {
  readonly id: string;
  readonly category: string;
  readonly image: Blob;
}

export async function capturePhotographs(): Promise<void> {
  if (!existsSync(DATA)) {
    console.log(`There is no ${DATA}: no screenshots of photographs.`);
    return;
  }
  const products = [...(await clothes()), ...(await curtains())];
  await withServer(
    async (origin) => {
      const { items } = new Corkboard({ baseUrl: origin });
      for (const { id, category, image } of products)
        await items.put(id, { image, category, title: category });
    },
    async (origin) => {
      const browser = await launchBrowser();
      try {
        for (const { file, set, picture, thing } of SCENES) {
          const page = await browser.newPage({ ...DESKTOP, reducedMotion: "reduce" });
          await page.goto(`${origin}/#/look`);
          const [bytes] = await photographs(set, [picture]);
          await dropFiles(page, "[data-part=look-board]", [
            { name: picture, mimeType: "image/jpeg", bytes: bytes! },
          ]);
          await chooseThing(page, thing);
          await save(page, file);
          await page.close();
        }
      } finally {
        await browser.close();
      }
    },
  );
}

async function clothes(): Promise<Photograph[]> {
  const rows = await manifest("clothing");
  const chosen = Object.keys(CLOTHES).flatMap((label) =>
    rows.filter((row) => row.label === label).slice(0, OF_EACH),
  );
  return photographed("clothing", chosen);
}

async function curtains(): Promise<Photograph[]> {
  const lines = (await readFile(join(DATA, "home-objects/boxes.jsonl"), "utf8")).trim().split("\n");
  const filling = new Set(
    lines.flatMap((line) => {
      const { file, boxes } = JSON.parse(line) as { file: string; boxes: { label: string; area: number }[] };
      const [box] = boxes;
      return boxes.length === 1 && box!.label === "curtain" && box!.area > MOST_OF_IT ? [file] : [];
    }),
  );
  const rows = (await manifest("home-objects")).filter(({ file }) => filling.has(file));
  return photographed("home-objects", rows.slice(0, CURTAINS));
}

async function photographed(set: string, rows: readonly Row[]): Promise<Photograph[]> {
  const pictures = await photographs(
    set,
    rows.map(({ file }) => file),
  );
  return rows.map(({ file, label }, index) => ({
    id: file.replace(/\.jpg$/, ""),
    category: CLOTHES[label] ?? label,
    image: new Blob([pictures[index]!.slice()], { type: "image/jpeg" }),
  }));
}
