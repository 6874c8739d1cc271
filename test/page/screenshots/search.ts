/** Screenshots of search and catalogue, of the showroom. */
import type { BrowserContextOptions } from "playwright-core";
import { Corkboard } from "../../../src/client/index.ts";
import { launchBrowser } from "../../browser.ts";
import { DESKTOP, PHONE, save } from "./shot.ts";

/** What one of the showroom's categories is searched by. */
const SUBJECT = "armchair";

/** @param origin of a server whose catalogue has the showroom's products */
export async function captureSearch(origin: string): Promise<void> {
  const { items } = await new Corkboard({ baseUrl: origin }).items.list({ category: SUBJECT, limit: 1 });
  const like = `#/search?like=${items[0]!.id}`;
  const shots: [file: string, hash: string, options: BrowserContextOptions][] = [
    ["search-desktop.png", `${like}&crop=0.15,0.2,0.85,0.9`, DESKTOP],
    ["search-phone.png", like, PHONE],
    ["search-dark.png", like, { ...DESKTOP, colorScheme: "dark" }],
    ["catalog-desktop.png", "#/catalog", DESKTOP],
  ];
  const browser = await launchBrowser();
  try {
    for (const [file, hash, options] of shots) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      await page.goto(`${origin}/${hash}`);
      await page.locator(".pinned:not(.skeleton), .entry").first().waitFor();
      await page.waitForLoadState("networkidle");
      await save(page, file);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}
