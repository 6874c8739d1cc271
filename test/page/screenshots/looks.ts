/** Screenshots of looks, of the showroom's drawn scenes. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "../../browser.ts";
import { DESKTOP, PHONE, save } from "./shot.ts";

interface Shot {
  readonly file: string;
  readonly hash: string;
  /** The thing whose products are shown; the most certain without. */
  readonly thing?: string;
  readonly options: BrowserContextOptions;
}

const SHOTS: readonly Shot[] = [
  { file: "looks-desktop.png", hash: "#/look?sample=living-room", thing: "sofa", options: DESKTOP },
  {
    file: "looks-dark.png",
    hash: "#/look?sample=denim-jacket",
    thing: "outerwear",
    options: { ...DESKTOP, colorScheme: "dark" },
  },
  { file: "looks-phone.png", hash: "#/look?sample=living-room", thing: "chair", options: PHONE },
  { file: "looks-complete.png", hash: "#/look?sample=camel-coat&as=complete&category=bag", options: DESKTOP },
];

/** @param origin of a server whose catalogue has the showroom's products */
export async function captureLooks(origin: string): Promise<void> {
  const browser = await launchBrowser();
  try {
    for (const { file, hash, thing, options } of SHOTS) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      await page.goto(`${origin}/${hash}`);
      await chooseThing(page, thing);
      await save(page, file);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

/** Waits for the answer, and chooses the first thing of a category in it where there is one. */
export async function chooseThing(page: Page, category: string | undefined): Promise<void> {
  await page.waitForSelector("[data-part=look-found]:not([aria-busy]) .stages", { timeout: 120_000 });
  const spot = category && page.locator(".spot-point", { hasText: new RegExp(`^${category}`) }).first();
  if (spot && (await spot.count()) > 0) await spot.press("Enter");
  await page.locator("[data-part=look-products] .pinned, [data-part=look-notice] .slip").first().waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.mouse.move(0, 0);
  await page.waitForLoadState("networkidle");
}
