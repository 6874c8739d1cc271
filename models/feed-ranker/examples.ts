/**
 * What the edge ranker learns from: `npx tsx models/feed-ranker/examples.ts LOGS OUT [--people 2000] [--slates 8]`.
 * Replays the logs of `models/unipinrec/draw-logs.ts`; for some lists of some people, every product's features as the
 * feed would compute them just before the list was shown, and what was done with the product.
 *
 * Writes `examples.f32` (little-endian, a row a product of a list, lists together) and `examples.json` (columns, rows,
 * whose vectors). Items that somebody has seen before are left out: the feed does not show them again.
 */
import { createReadStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createGunzip } from "node:zlib";
import { deriveSeed } from "../../src/demo/random.ts";
import { FEED_ACTIONS } from "../../src/feed/actions.ts";
import { FEATURES } from "../../src/feed/features.ts";
import type { Event } from "../../src/people/event.ts";
import { History } from "./history.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { people: { type: "string", default: "2000" }, slates: { type: "string", default: "8" } },
});
const [logs, out] = positionals;
if (!logs || !out) {
  throw new Error("usage: tsx models/feed-ranker/examples.ts LOGS OUT [--people 2000] [--slates 8]");
}

/** Beside features and actions: who, which list, when, and how often everybody liked the product before. */
const ABOUT = ["person", "slate", "day", "log_popularity"] as const;
const COLUMNS = [...FEATURES, ...FEED_ACTIONS, ...ABOUT];
const DAY_MS = 86_400_000;

/** Lists of a person in the middle: which share of them is taken follows. */
const LISTS = 60;

const about = JSON.parse(await readFile(join(logs, "vectors.json"), "utf8")) as {
  model: string;
  dimensions: number;
};
const ids = (await readFile(join(logs, "ids.txt"), "utf8")).trimEnd().split("\n");
const bytes = await readFile(join(logs, "vectors.f32"));
const all = new Float32Array(new Uint8Array(bytes).buffer);
const vectors = new Map(
  ids.map((id, at) => [id, all.subarray(at * about.dimensions, (at + 1) * about.dimensions)]),
);

interface Shown {
  readonly slate: string;
  readonly at: number;
  readonly events: Event[];
}

const chance = (text: string) => (deriveSeed("examples", text) >>> 0) / 2 ** 32;
const share = Number(values.slates) / LISTS;
const most = Number(values.people);
const histories = new Map<string, { readonly number: number; readonly history: History; shown?: Shown }>();
const popularity = new Map<string, number>();
const rows: number[][] = [];
let [slates, firstDay] = [0, Number.NaN];

/** The list is over: its examples, and then its actions, which are known from now on. */
function close(number: number, history: History, { slate, at, events }: Shown): void {
  const items = events.filter(({ action }) => action === "impression").map(({ item }) => item);
  const acted = events.filter(({ action }) => action !== "impression");
  if (history.knowsSomething && chance(slate) < share) {
    const open = items.filter((item) => vectors.has(item) && !history.hasSeen(item));
    const features = history.features(
      open.map((item) => vectors.get(item)!),
      at,
      deriveSeed("interests", slate),
    );
    for (const [row, item] of open.entries()) {
      const done = FEED_ACTIONS.map((action) =>
        acted.some((one) => one.item === item && one.action === action),
      );
      rows.push([
        ...features.subarray(row * FEATURES.length, (row + 1) * FEATURES.length),
        ...done.map(Number),
        ...[number, slates, (at - firstDay) / DAY_MS, Math.log1p(popularity.get(item) ?? 0)],
      ]);
    }
    slates++;
  }
  for (const item of items) history.show(item);
  for (const { item, action, at } of acted) {
    const vector = vectors.get(item);
    if (vector && action !== "impression") history.add({ item, action, at: Date.parse(at), vector });
  }
}

const lines = createInterface({
  input: createReadStream(join(logs, "events.ndjson.gz")).pipe(createGunzip()),
  crlfDelay: Number.POSITIVE_INFINITY,
});
for await (const line of lines) {
  const event = JSON.parse(line) as Event;
  const at = Date.parse(event.at);
  if (Number.isNaN(firstDay)) firstDay = Math.floor(at / DAY_MS) * DAY_MS;
  let own = histories.get(event.user);
  if (!own && histories.size < most) {
    own = { number: histories.size, history: new History(about.dimensions) };
    histories.set(event.user, own);
  }
  if (own) {
    if (own.shown && own.shown.slate !== event.slate) {
      close(own.number, own.history, own.shown);
      delete own.shown;
    }
    own.shown ??= { slate: event.slate!, at, events: [] };
    own.shown.events.push(event);
  }
  if (event.action !== "impression" && event.action !== "hide") {
    popularity.set(event.item, (popularity.get(event.item) ?? 0) + 1);
  }
}
for (const { number, history, shown } of histories.values()) if (shown) close(number, history, shown);

await mkdir(out, { recursive: true });
await writeFile(join(out, "examples.f32"), new Uint8Array(Float32Array.from(rows.flat()).buffer));
await writeFile(
  join(out, "examples.json"),
  `${JSON.stringify({ columns: COLUMNS, features: FEATURES, actions: FEED_ACTIONS, rows: rows.length, slates, content: about.model })}\n`,
);
console.error(`${rows.length} products of ${slates} lists of ${histories.size} people`);
