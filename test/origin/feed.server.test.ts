/** `npm run dev` beside `npm run origin`: real workerd, the shipped models, and an origin that is killed and comes back. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Corkboard, type FeedPage } from "../../src/client/index.ts";
import { renderPicture } from "../../src/demo/picture.ts";
import { generateProducts, type Product } from "../../src/demo/products.ts";
import { FEED_ACTIONS } from "../../src/feed/actions.ts";
import { FEED_BREAKER_FAILURES } from "../../src/feed/limits.ts";
import { type DevServer, eventually, startDevServer } from "../api/dev-server.ts";
import { FeedOrigin, somebody } from "./feed-origin.ts";

const [LATE, ...PRODUCTS] = generateProducts({ seed: 11, count: 25 }) as [Product, ...Product[]];
const IDS = PRODUCTS.map(({ id }) => id);
/** Somebody acted on these: the others are what a feed may have. */
const ACTED = IDS.slice(0, 8);
const PAGE = 6;
const PATIENCE_MS = 60_000;

let origin: FeedOrigin;
let server: DevServer;
let corkboard: Corkboard;

async function put({ id, title, category, svg }: Product): Promise<void> {
  const { bytes, type } = await renderPicture(svg, 224);
  await corkboard.items.put(id, { image: new Blob([bytes.slice()], { type }), title, category });
}

beforeAll(async () => {
  origin = await FeedOrigin.create();
  server = await startDevServer({ ORIGIN_URL: origin.url, LOCAL_DEVELOPMENT: "true" });
  corkboard = new Corkboard({ baseUrl: server.origin });
  // Before there are items, as on the first day: it has to see them by itself.
  await origin.start(server.origin);
  await Promise.all(PRODUCTS.map(put));
  const embedded = async () => (await corkboard.catalog()).roles.item?.states.embedded;
  await eventually(async () => expect(await embedded()).toBe(IDS.length), 2 * PATIENCE_MS);
});
afterAll(async () => {
  await origin?.kill();
  await server?.stop();
});

/** The first page of somebody new, who has seen nothing yet. */
async function page(tokens = 20): Promise<FeedPage & { path: string }> {
  const user = await somebody(corkboard, ACTED, tokens);
  return corkboard.people.feed(user, { limit: PAGE, explain: true });
}

/** Asks for people's first pages until one comes by this path. */
function pageBy(path: string, tokens?: number): Promise<FeedPage> {
  return eventually(async () => {
    const one = await page(tokens);
    expect(one, JSON.stringify(one.explain)).toMatchObject({ path });
    return one;
  }, PATIENCE_MS);
}

/** Full, of what the person has not had yet, and most of it by this path. */
function expectGood({ items }: FeedPage, path: string): void {
  const ids = items.map(({ id }) => id);
  expect(new Set(ids).size).toBe(PAGE);
  expect(ids.filter((id) => ACTED.includes(id))).toEqual([]);
  expect(items.filter(({ why }) => why?.path === path).length).toBeGreaterThanOrEqual(PAGE / 2);
}

/** All of it by the origin, with probabilities, best first. */
function expectRanked(one: FeedPage): void {
  expectGood(one, "origin");
  const utilities = one.items.map(({ scores, why }) => {
    expect(why?.path).toBe("origin");
    for (const action of FEED_ACTIONS) {
      expect(scores![action]).toBeGreaterThan(0);
      expect(scores![action]).toBeLessThan(1);
    }
    return scores!.utility!;
  });
  expect(utilities).toEqual([...utilities].sort((a, b) => b - a));
  expect(new Set(utilities).size).toBeGreaterThan(1);
}

/** Items of the origin's table. */
const known = (count: number) => eventually(async () => expect(origin.items).toBe(count), PATIENCE_MS);

it("is ranked by the origin, by the edge once that is killed, and by the origin when it is back", async () => {
  await known(IDS.length);
  for (const tokens of [ACTED.length, 120]) expectRanked(await pageBy("origin", tokens));

  await origin.kill();
  const reasons: (string | undefined)[] = [];
  for (let turn = 0; turn <= FEED_BREAKER_FAILURES; turn++) {
    const one = await page();
    expect(one.path).toBe("edge");
    expectGood(one, "edge");
    reasons.push(one.explain?.reason);
  }
  expect(reasons[0]).toMatch(/^(model-host-unavailable|deadline-exceeded)$/);

  await origin.start(server.origin);
  expectRanked(await pageBy("origin"));
});

it("has what came into the catalogue since, and not what left it", async () => {
  await put(LATE);
  await known(IDS.length + 1);
  await corkboard.items.delete(LATE.id);
  await known(IDS.length);
  const { items } = await pageBy("origin");
  expect(items.map(({ id }) => id)).not.toContain(LATE.id);
});
