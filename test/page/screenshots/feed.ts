/** Screenshots of the feed, of the showroom's people. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { fillPeople } from "../../../src/demo/fill-people.ts";
import { launchBrowser } from "../../browser.ts";
import { DESKTOP, PHONE, save } from "./shot.ts";

interface Shot {
  readonly file: string;
  readonly options: BrowserContextOptions;
  /** Brings the page to where it is shown. */
  readonly prepare: (page: Page) => Promise<void>;
}

const card = (page: Page, at: number) => page.locator(".feed-card").nth(at);

const SHOTS: readonly Shot[] = [
  {
    file: "feed-desktop.png",
    options: DESKTOP,
    async prepare(page) {
      await card(page, 1).getByRole("button", { name: /^Why/ }).click();
      await page.locator(".path-chip summary").click();
    },
  },
  {
    file: "feed-dark.png",
    options: { ...DESKTOP, colorScheme: "dark" },
    async prepare(page) {
      await card(page, 2).getByRole("button", { name: /^Save/ }).click();
      await page.locator(".feed-turn h3").waitFor();
      await page.locator(".feed-turn").nth(1).locator(".feed-card").first().waitFor();
      await page.locator(".feed-turn h3").evaluate((node) => {
        scrollTo({ top: node.getBoundingClientRect().top + scrollY - 420, behavior: "instant" });
      });
    },
  },
  { file: "feed-phone.png", options: PHONE, prepare: async () => {} },
];

/** @param origin of a server whose catalogue has the showroom's products */
export async function captureFeed(origin: string): Promise<void> {
  await fillPeople({ baseUrl: origin });
  const browser = await launchBrowser();
  try {
    for (const { file, options, prepare } of SHOTS) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      await page.goto(`${origin}/#/feed?as=ben`);
      await card(page, 0).waitFor();
      await page.locator(".interest").first().waitFor({ state: "attached" });
      await page.waitForLoadState("networkidle");
      await prepare(page);
      await page.waitForLoadState("networkidle");
      await page.waitForFunction(() =>
        [...document.images].every(
          (image) =>
            image.dataset.loading === undefined ||
            !image.checkVisibility() ||
            image.getBoundingClientRect().top > innerHeight,
        ),
      );
      // Loaded is not painted: they are decoded beside the page.
      await page.evaluate(() =>
        Promise.all(
          [...document.images]
            .filter(({ dataset }) => dataset.loading === undefined)
            .map((image) => image.decode().catch(() => undefined)),
        ),
      );
      await save(page, file);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}
