/** What every browser test needs: the edge functions in workerd, and a browser. */

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type DevServer, startDevServer } from "../api/dev-server.ts";
import { type BrowserOptions, launchBrowser, NoBrowserError } from "../browser.ts";
import { type Visit, type VisitOptions, visit } from "./visit.ts";

/** Starts both before the tests of a file, and skips these where there is no browser, saying why. */
export function setStage(options: BrowserOptions = {}) {
  let server: DevServer | undefined;
  let browser: Browser | undefined;
  let reason = "";
  const visitors: Visit[] = [];

  beforeAll(async () => {
    browser = await launchBrowser(options).catch((error) => {
      if (!(error instanceof NoBrowserError)) throw error;
      reason = error.message;
      return undefined;
    });
    if (browser === undefined) return;
    server = await startDevServer();
  });
  beforeEach((context) => {
    context.skip(browser === undefined, reason);
    return async () => {
      for (const visitor of visitors.splice(0)) await visitor.leave();
    };
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  return {
    /** Opens the page; the visitor leaves when the test ends. */
    async visit(visitOptions?: VisitOptions): Promise<Visit> {
      const visitor = await visit(browser!, server!.origin, visitOptions);
      visitors.push(visitor);
      return visitor;
    },
    fetch: (path: string, init?: RequestInit) => server!.fetch(path, init),
    get origin() {
      return server!.origin;
    },
  };
}
