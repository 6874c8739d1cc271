/** Screenshots of boards, of the showroom. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { fillBoards } from "../../../src/demo/fill-boards.ts";
import { launchBrowser } from "../../browser.ts";
import { DESKTOP, PHONE, save } from "./shot.ts";

const BOARD = "#/boards?board=showroom-a-corner-to-read-in";

interface Shot {
  readonly file: string;
  readonly hash: string;
  readonly options: BrowserContextOptions;
  /** Brings the page to where it is shown. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { file: "boards-desktop.png", hash: "#/boards", options: DESKTOP },
  { file: "boards-phone.png", hash: "#/boards", options: PHONE },
  {
    file: "board-dark.png",
    hash: BOARD,
    options: { ...DESKTOP, colorScheme: "dark" },
    prepare: (page) =>
      page.locator("[data-part=suggestions]").evaluate((node) => {
        scrollTo({ top: node.getBoundingClientRect().top + scrollY - 420, behavior: "instant" });
      }),
  },
  { file: "board-drag.png", hash: "#/search?category=armchair", options: DESKTOP, prepare: dragOntoBoard },
];

/** A print on its way to the second board of the rail. */
async function dragOntoBoard(page: Page): Promise<void> {
  const from = (await page.locator("[data-part=results] .pinned img").nth(4).boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 80, from.y + 120, { steps: 4 });
  const target = page.locator("[data-drop]").nth(3);
  await target.locator("img").first().waitFor();
  const to = (await target.boundingBox())!;
  await page.mouse.move(to.x + to.width / 2 + 30, to.y - 10, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2 + 30, to.y + 12, { steps: 4 });
  await page.waitForLoadState("networkidle");
}

/** @param origin of a server whose catalogue has the showroom's products */
export async function captureBoards(origin: string): Promise<void> {
  await fillBoards({ baseUrl: origin });
  const browser = await launchBrowser();
  try {
    for (const { file, hash, options, prepare } of SHOTS) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      await page.goto(`${origin}/${hash}`);
      await page.locator(".pinned:not(.skeleton), .board-card").first().waitFor();
      await page.waitForLoadState("networkidle");
      await prepare?.(page);
      await page.waitForFunction(() =>
        [...document.images].every(
          (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
        ),
      );
      await save(page, file);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}
