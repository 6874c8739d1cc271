/** The feed in the page, whose chip says where it comes from while the origin is killed and comes back. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../api/dev-server.ts";
import { FeedOrigin, somebody } from "../origin/feed-origin.ts";
import { openShowroom } from "./showroom.ts";

const COUNT = 24;
const PATIENCE_MS = 60_000;

const origin = await FeedOrigin.create();
const showroom = openShowroom({ count: COUNT, serve: ["--origin", origin.url] });

beforeAll(async () => {
  // There is none where there is no browser: these tests are skipped then.
  if (!showroom.url) return;
  await origin.start(showroom.url);
  await eventually(async () => expect(origin.items).toBe(COUNT), PATIENCE_MS);
});
afterAll(() => origin.kill());

/** What the chip says over the feed of somebody new. */
async function chip(): Promise<string | null> {
  const acted = showroom.products.slice(0, 4).map(({ id }) => id);
  const user = await somebody(showroom.client, acted, 8);
  const { page, errors } = await showroom.open(`#/feed?as=${user}`);
  await page.locator(".feed-card").first().waitFor();
  const path = await page.locator(".path-chip").getAttribute("data-path");
  expect(errors).toEqual([]);
  await page.context().close();
  return path;
}

const says = (path: string) => eventually(async () => expect(await chip()).toBe(path), PATIENCE_MS);

it("says origin, edge once that is killed, and origin when it is back", async () => {
  await says("origin");
  await origin.kill();
  // The very next page, with the origin just gone.
  expect(await chip()).toBe("edge");
  await origin.start(showroom.url);
  await says("origin");
});
