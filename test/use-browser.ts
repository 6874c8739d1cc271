/** One browser for the tests of a file. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type BrowserOptions, launchBrowser, NoBrowserError } from "./browser.ts";

/**
 * Starts a browser before the tests of a file, and skips these where there is none, saying why.
 * @param setUp Runs once the browser is there; what it returns runs when all tests are done.
 */
export function useBrowser(
  options: BrowserOptions,
  setUp: (browser: Browser) => Promise<() => Promise<void>>,
): void {
  let browser: Browser | undefined;
  let tearDown: (() => Promise<void>) | undefined;
  let reason = "";

  beforeAll(async () => {
    browser = await launchBrowser(options).catch((error) => {
      if (!(error instanceof NoBrowserError)) throw error;
      reason = error.message;
      return undefined;
    });
    if (browser !== undefined) tearDown = await setUp(browser);
  });
  beforeEach((context) => context.skip(browser === undefined, reason));
  afterAll(async () => {
    await browser?.close();
    await tearDown?.();
  });
}
