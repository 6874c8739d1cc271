/** What every browser test needs: the edge functions in workerd, and a browser. */
import type { Browser } from "playwright-core";
import { afterEach } from "vitest";
import { type DevServer, startDevServer } from "../api/dev-server.ts";
import type { BrowserOptions } from "../browser.ts";
import { useBrowser } from "../use-browser.ts";
import { type Visit, type VisitOptions, visit } from "./visit.ts";

/** Starts both before the tests of a file, and skips these where there is no browser, saying why. */
export function setStage(options: BrowserOptions = {}) {
  let server: DevServer;
  let browser: Browser;
  const visitors: Visit[] = [];

  useBrowser(options, async (started) => {
    browser = started;
    server = await startDevServer();
    return () => server.stop();
  });
  afterEach(async () => {
    for (const visitor of visitors.splice(0)) await visitor.leave();
  });

  return {
    /** Opens the page; the visitor leaves when the test ends. */
    async visit(visitOptions?: VisitOptions): Promise<Visit> {
      const visitor = await visit(browser, server.origin, visitOptions);
      visitors.push(visitor);
      return visitor;
    },
    fetch: (path: string, init?: RequestInit) => server.fetch(path, init),
    get origin() {
      return server.origin;
    },
  };
}
