/** Events and interests over HTTP, against a server that is killed in between. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Corkboard, type Interest } from "../../src/client/index.ts";
import { renderPicture } from "../../src/demo/picture.ts";
import { drawView, generateProducts } from "../../src/demo/products.ts";
import { MAX_EVENTS } from "../../src/people/limits.ts";
import { corkboard, type Serve, startServe, temporaryFolder } from "../api/serve.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Serve;

const send = (events: unknown) =>
  fetch(`${server.origin}/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close" },
    body: JSON.stringify({ events }),
  });
const interestsOf = async (user: string) => {
  const response = await fetch(`${server.origin}/v1/users/${user}/interests`);
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
  return ((await response.json()) as { interests: Interest[] }).interests;
};
const event = (id: string, item: string, action = "click") => ({
  ...{ id, user: "u-1", item, action },
  at: new Date().toISOString(),
});

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServe(folder.path);
  const client = new Corkboard({ baseUrl: server.origin });
  const drawn = generateProducts({ seed: 5, count: 200 });
  const of = (category: string, count: number) =>
    drawn.filter((one) => one.category === category).slice(0, count);
  const products = [...of("chair", 3), ...of("dress", 1), ...of("lamp", 1)];
  for (const [n, product] of products.entries()) {
    const { bytes } = await renderPicture(drawView(product, 0));
    await client.items.put(`item-${n}`, {
      image: new Blob([new Uint8Array(bytes)]),
      title: product.category,
    });
  }
  for (let embedded = 0; embedded < products.length; ) {
    embedded = (await client.catalog()).states.embedded;
    await new Promise((done) => setTimeout(done, 100));
  }
}, 180_000);

afterAll(async () => {
  await server?.kill();
  await folder?.remove();
});

it("events are taken once, and outlive kill -9", async () => {
  const events = ["item-0", "item-1", "item-2", "item-3"].map((item, n) => event(`e-${n}`, item));
  const first = await send(events);
  expect([first.status, await first.json()]).toEqual([202, { accepted: 4, duplicates: 0 }]);
  await server.kill();
  server = await startServe(folder.path);
  expect(await (await send(events)).json()).toEqual({ accepted: 0, duplicates: 4 });
});

it("interests are the looks of what somebody acted on, the one with most actions first", async () => {
  const [most, other] = await interestsOf("u-1");
  expect(new Set(most!.items)).toEqual(new Set(["item-0", "item-1", "item-2"]));
  expect(other!.items).toEqual(["item-3"]);
  expect(most!.cover.map(({ id }) => id)).toEqual(most!.items);
  const picture = await fetch(`${server.origin}${other!.cover[0]!.href}`);
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
  expect(most!.importance).toBeCloseTo(0.75, 2);
  const { people } = new Corkboard({ baseUrl: server.origin });
  expect(await people.interests("u-1", { limit: 1 })).toHaveLength(1);
  const hidden = { ...event("e-hide", "item-3"), action: "hide" } as const;
  expect(await people.record([hidden])).toEqual({ accepted: 1, duplicates: 0 });
  expect(await interestsOf("u-1")).toHaveLength(1);
  expect(await interestsOf("nobody")).toEqual([]);
});

it("what is no event is refused, and nothing with it is taken", async () => {
  const good = event("e-good", "item-4");
  for (const bad of [{ ...good, action: "like" }, { ...good, user: "" }, 7, null]) {
    const response = await send([good, bad]);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      400,
      "application/problem+json",
    ]);
  }
  expect((await send([])).status).toBe(400);
  expect((await send(Array.from({ length: MAX_EVENTS + 1 }, (_, n) => event(`many-${n}`, "x")))).status).toBe(
    400,
  );
  // Refused before it is read: the connection may end while the client still writes.
  const refused = await send("x".repeat(10_000_000)).then(
    ({ status }) => status,
    () => "cut off",
  );
  expect([413, "cut off"]).toContain(refused);
  expect(await (await send([good])).json()).toEqual({ accepted: 1, duplicates: 0 });
});

it("events are exported, each once, by who holds the admin token", async () => {
  const cli = (...args: string[]) =>
    corkboard(["events", "export", "--storage", folder.path, ...args], { CORKBOARD_URL: server.origin });
  let lines: string[] = [];
  for (const end = Date.now() + 60_000; lines.length < 6 && Date.now() < end; ) {
    const { code, stdout } = await cli();
    expect(code).toBe(0);
    lines = stdout.trimEnd().split("\n").filter(Boolean);
  }
  const events = lines.map((line) => JSON.parse(line) as { id: string; user: string; receivedAt: string });
  expect(events.map(({ id }) => id).sort()).toEqual(["e-0", "e-1", "e-2", "e-3", "e-good", "e-hide"]);
  expect(events.every(({ receivedAt }) => Date.parse(receivedAt) <= Date.now())).toBe(true);
  expect((await cli("--until", "2026-01-01")).stderr).toContain("0 events of 0 logs.");
  expect((await cli("--since", "yesterday")).stderr).toContain("Give a time");
  const anonymous = await fetch(`${server.origin}/v1/event-logs`);
  expect(anonymous.status).toBe(401);
  const admin = await fetch(`${server.origin}/v1/event-logs/2026/x`, {
    headers: { authorization: "Bearer x" },
  });
  expect(admin.status).toBe(401);
});

it("who is forgotten has no interests, and the files that keep their events are named", async () => {
  const forgotten = await new Corkboard({ baseUrl: server.origin }).people.forget("u-1");
  expect(forgotten.erased).toEqual({ actions: 6, shown: 0, hidden: 1, known: 6, waiting: 0 });
  expect(forgotten.logs.length).toBeGreaterThan(0);
  expect(forgotten.unlistedUntil).toBeUndefined();
  expect(await interestsOf("u-1")).toEqual([]);
  const env = { CORKBOARD_URL: server.origin };
  const { code, stdout, stderr } = await corkboard(["forget", "u-1"], env);
  expect([code, stdout.trimEnd().split("\n")]).toEqual([0, forgotten.logs]);
  expect(stderr).toContain("u-1: 0 actions, 0 items shown and 0 hidden, 0 ids and 0 waiting events");
  const json = await corkboard(["forget", "nobody", "--json"], env);
  expect(JSON.parse(json.stdout)).toMatchObject({ erased: { actions: 0 }, logs: [] });
});
