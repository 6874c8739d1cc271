/**
 * `npx tsx bench/feed-faults/evaluate.ts [--requests 10000] [--items 300] [--people 1000] [--origin real|table]`: feeds
 * over HTTP from `corkboard serve`, in real workerd, whose origin fails in every way: it is killed and started again
 * under load, has no room for keys and values, or is behind a proxy that does what networks do. Every page has to come
 * within `DEADLINE_MS` and without an error, and everything that was sent or answered has to be in the event log. The
 * origin is the built one with the shipped model, on the CPU; with `--origin table` a small server answers in its place
 * from a table of ids. Writes `bench/results/feed-faults.json`
 * and, of a real origin, the table of `docs/feed.md`. `npm run build` must have run.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { readAdminToken } from "../../src/cli/server/admin-token.ts";
import { Corkboard, type Event } from "../../src/client/index.ts";
import { renderPicture } from "../../src/demo/picture.ts";
import { drawView, generateProducts } from "../../src/demo/products.ts";
import { Random } from "../../src/demo/random.ts";
import { FEED_ORIGIN_DEADLINE_MS } from "../../src/feed/limits.ts";
import { type Serve, startServe, temporaryFolder } from "../../test/api/serve.ts";
import { quoteInDocuments } from "../readme.ts";
import { FAULTS, type Fault, FaultProxy } from "./fault-proxy.ts";
import { type Origin, REAL_FAULTS, type RealFault, RealOrigin, tableOrigin } from "./origins.ts";
import { faultTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "10000" },
    items: { type: "string", default: "300" },
    people: { type: "string" },
    origin: { type: "string", default: "real" },
  },
});
const REQUESTS = Number(values.requests);
const ITEMS = Number(values.items);
/** Ten pages each: whoever has seen all items gets old ones again, for which no origin is needed. */
const PEOPLE = Number(values.people ?? Math.ceil(REQUESTS / 10));

/** So long somebody looks at an empty page. A page that waited for an origin that is slow by a second takes longer. */
const DEADLINE_MS = 1_000;
/** Pages asked for side by side. */
const SIDE_BY_SIDE = 2;
const PAGE = 10;
/** Share of pages after which somebody does something with an item of it. */
const ACTS = 0.5;
const SEED = 7;
/** Of a picture's longer side: enough to tell things apart. */
const PIXELS = 224;
/** So long the origin may take to be asked again after a fault, so that the next is seen too. */
const HEALED_WITHIN_MS = 60_000;
const LOG_WITHIN_MS = 120_000;
/** A line now and then where there is no terminal. */
const PROGRESS = { noTTYOutput: true, notTTYSchedule: 15_000 };
const RESULTS = new URL("../results/feed-faults.json", import.meta.url);

/** A healthy origin before and after all that goes wrong. */
const PHASES: readonly (Fault | RealFault)[] = [
  ...FAULTS,
  ...(values.origin === "real" ? REAL_FAULTS : []),
  "none",
];

interface Page {
  readonly phase: number;
  readonly ms: number;
  readonly path?: string;
  readonly reason?: string | undefined;
  readonly error?: string;
}

async function fill(storage: string): Promise<string[]> {
  const server = await startServe(storage, "--quiet");
  const bar = new SingleBar({ format: "items {bar} {value} of {total}", ...PROGRESS });
  bar.start(ITEMS, 0);
  try {
    const corkboard = new Corkboard({ baseUrl: server.origin });
    const products = generateProducts({ seed: SEED, count: ITEMS });
    for (const [n, product] of products.entries()) {
      const { bytes } = await renderPicture(drawView(product, 0), PIXELS);
      const image = new Blob([new Uint8Array(bytes)]);
      await corkboard.items.put(`item-${n}`, { image, title: product.category, category: product.category });
    }
    for (let done = 0; done < ITEMS; await pause(500)) {
      const { roles } = await corkboard.catalog();
      done = (roles.item ?? roles.picture).states.embedded;
      bar.update(done);
    }
    return products.map((_, n) => `item-${n}`);
  } finally {
    bar.stop();
    await server.stop();
  }
}

/** What somebody who looks at feeds sees and does. */
class Visitors {
  readonly pages: Page[] = [];
  /** Of events that were taken, and of impressions in pages that were answered. */
  readonly sent = new Set<string>();
  readonly refused: string[] = [];
  readonly #corkboard: Corkboard;
  readonly #random = new Random(SEED);
  #events = 0;

  constructor(origin: string) {
    this.#corkboard = new Corkboard({ baseUrl: origin, retries: 0 });
  }

  /** Something to begin with for most people; the others are cold. */
  async begin(ids: readonly string[]): Promise<void> {
    for (let person = 0; person < PEOPLE * 0.9; person++) {
      const some = Array.from({ length: 5 }, () => ids[Math.floor(this.#random.next() * ids.length)]!);
      await this.#act(some.map((item) => this.#event(`u-${person}`, item, "none")));
    }
  }

  /** Asks, with a healthy origin, until that answers: what failed before has opened the breaker. */
  async untilHealed(): Promise<void> {
    const reasons: (string | undefined)[] = [];
    for (const end = Date.now() + HEALED_WITHIN_MS; Date.now() < end; await pause(500)) {
      const user = `u-${reasons.length % PEOPLE}`;
      const { items, slate, path, explain } = await this.#corkboard.people.feed(user, {
        limit: 1,
        explain: true,
      });
      for (const position of items.keys()) this.sent.add(`${user} ${slate}/${position}`);
      if (path === "origin") return;
      reasons.push(explain?.reason);
    }
    throw new Error(`the origin is well and is not asked: ${reasons.join(", ")}`);
  }

  async visit(phase: number, person: number): Promise<void> {
    const user = `u-${person}`;
    const start = performance.now();
    try {
      const { items, slate, path, explain } = await this.#corkboard.people.feed(user, {
        limit: PAGE,
        explain: true,
      });
      this.pages.push({ phase, ms: performance.now() - start, path, reason: explain?.reason });
      for (const position of items.keys()) this.sent.add(`${user} ${slate}/${position}`);
      const chosen = items[Math.floor(this.#random.next() * items.length)];
      if (chosen && this.#random.next() < ACTS) {
        await this.#act([{ ...this.#event(user, chosen.id, PHASES[phase]!), slate, surface: "feed" }]);
      }
    } catch (error) {
      this.pages.push({ phase, ms: performance.now() - start, error: String(error) });
    }
  }

  async #act(events: readonly Event[]): Promise<void> {
    try {
      await this.#corkboard.people.record(events);
      for (const { user, id } of events) this.sent.add(`${user} ${id}`);
    } catch (error) {
      this.refused.push(String(error));
    }
  }

  /** With clocks that are off: four minutes ahead, or a year behind. */
  #event(user: string, item: string, fault: string): Event {
    const number = this.#events++;
    const off = number % 2 === 0 ? 4 * 60_000 : -365 * 86_400_000;
    const at = Date.now() + (fault === "clock-skew" ? off : 0);
    const action = (["click", "closeup", "save", "hide"] as const)[number % 4]!;
    return { id: `e-${number}`, user, item, action, at: new Date(at).toISOString() };
  }
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface World {
  readonly server: Serve;
  readonly proxy: FaultProxy;
  readonly origin: Origin;
}

async function run({ server, proxy, origin }: World, ids: readonly string[]): Promise<Visitors> {
  const visitors = new Visitors(server.origin);
  await visitors.begin(ids);
  const bar = new SingleBar({ format: "{fault} {bar} {value} of {total}", ...PROGRESS });
  bar.start(REQUESTS, 0, { fault: "" });
  let asked = 0;
  for (const [phase, fault] of PHASES.entries()) {
    await proxy.inject("none");
    await origin.inject("none");
    await visitors.untilHealed();
    if (isOf(REAL_FAULTS, fault)) await origin.inject(fault);
    else await proxy.inject(fault);
    // It is there, and answers as ever.
    if (fault === "evicted") await visitors.untilHealed();
    const end = Math.round((REQUESTS * (phase + 1)) / PHASES.length);
    const one = async () => {
      while (asked < end) {
        const person = asked++ % PEOPLE;
        await visitors.visit(phase, person);
        bar.update(asked, { fault });
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, one));
  }
  bar.stop();
  return visitors;
}

function isOf<Name extends string>(names: readonly Name[], one: string): one is Name {
  return (names as readonly string[]).includes(one);
}

/** Events of the log, each once, when it has all that were sent or there is no more to wait for. */
async function logged({ origin, storage }: Serve, wanted: ReadonlySet<string>): Promise<Set<string>> {
  const admin = new Corkboard({ baseUrl: origin, key: await readAdminToken(storage) });
  const known = new Map<string, readonly string[]>();
  const found = () => new Set([...known.values()].flat());
  for (const end = Date.now() + LOG_WITHIN_MS; Date.now() < end; await pause(1_000)) {
    for await (const { name } of admin.people.logs()) {
      if (known.has(name)) continue;
      known.set(
        name,
        (await admin.people.readLog(name)).map(({ user, id }) => `${user} ${id}`),
      );
    }
    const all = found();
    if ([...wanted].every((one) => all.has(one))) return all;
  }
  return found();
}

function summaryOf(pages: readonly Page[]) {
  const times = pages.map(({ ms }) => ms).sort((a, b) => a - b);
  const quantile = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))]!);
  const counts = (of: (page: Page) => string | undefined) => {
    const all: Record<string, number> = {};
    for (const page of pages) {
      const name = of(page);
      if (name !== undefined) all[name] = (all[name] ?? 0) + 1;
    }
    return all;
  };
  return {
    pages: pages.length,
    paths: counts(({ path }) => path),
    reasons: counts(({ reason }) => reason),
    errors: counts(({ error }) => error),
    late: pages.filter(({ ms }) => ms > DEADLINE_MS).length,
    millis: { median: quantile(0.5), p99: quantile(0.99), most: Math.round(times.at(-1)!) },
  };
}

const folder = await temporaryFolder();
// The server that is started reads it from here.
process.env.ORIGIN_SECRET ??= crypto.randomUUID();
const secret = process.env.ORIGIN_SECRET;
let server: Serve | undefined;
let proxy: FaultProxy | undefined;
let origin: Origin | undefined;
try {
  const storage = join(folder.path, "state");
  const ids = await fill(storage);
  origin = values.origin === "real" ? await RealOrigin.create(secret) : await tableOrigin(ids);
  proxy = new FaultProxy(origin.url, secret);
  await proxy.start();
  server = await startServe(storage, "--quiet", "--origin", proxy.url, "--origin-model", origin.model);
  await origin.start(server.origin);
  const visitors = await run({ server, proxy, origin }, ids);
  const log = await logged(server, visitors.sent);
  const result = {
    bench: "feed-faults",
    origin: values.origin === "real" ? `${origin.model} on the CPU` : "a table of ids",
    requests: visitors.pages.length,
    deadlineMs: DEADLINE_MS,
    originDeadlineMs: FEED_ORIGIN_DEADLINE_MS,
    phases: PHASES.map((fault, phase) => ({
      fault,
      ...summaryOf(visitors.pages.filter((page) => page.phase === phase)),
    })),
    events: {
      sentOrAnswered: visitors.sent.size,
      logged: log.size,
      lost: [...visitors.sent].filter((one) => !log.has(one)).length,
      unknown: [...log].filter((one) => !visitors.sent.has(one)).length,
      refused: visitors.refused,
    },
  };
  console.log(JSON.stringify(result, null, 2));
  await writeFile(RESULTS, `${JSON.stringify(result, null, 2)}\n`);
  if (values.origin === "real")
    await quoteInDocuments("feed-faults", faultTable(result.phases, result.events));
} finally {
  await server?.stop();
  proxy?.stop();
  await origin?.stop();
  await folder.remove();
}
