/** `POST /v1/shop-the-look` of a running server: its stages for new scenes, and its cache under Zipf traffic. */
import type { Row } from "../bench.ts";
import { median } from "../median.ts";
import type { Section } from "../report.ts";
import { closedLoop } from "./closed-loop.ts";
import { shippedDetector } from "./detector.ts";
import { quantile } from "./quantile.ts";
import { openShop, SCENES, type Shop } from "./shop.ts";
import { zipf } from "./zipf.ts";

/** New scenes whose stages are looked at. They are not among those of the traffic. */
const STAGED = 40;
const REQUESTS = 10_000;
/** Exponent of the traffic. */
const SKEW = 1;
const CALLERS = 8;
const SEED = 3;

interface Answer {
  readonly ms: number;
  readonly cached: boolean;
  /** Milliseconds by stage, as `server-timing` has them. */
  readonly stages: ReadonlyMap<string, number>;
  readonly objects: number;
}

export const service: Section = {
  name: "service",
  async run() {
    if (!(await shippedDetector())) {
      console.error("  left out: models/shop-the-look is not there");
      return [];
    }
    const shop = await openShop();
    try {
      return [...(await stages(shop)), ...(await traffic(shop))];
    } finally {
      await shop.stop();
    }
  },
};

async function ask({ origin }: Shop, picture: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const send = () =>
    fetch(`${origin}/v1/shop-the-look`, {
      method: "POST",
      body: picture,
      headers: { "content-type": picture[0] === 0xff ? "image/jpeg" : "image/png" },
    });
  const start = performance.now();
  // Servers close idle connections just when they are used again.
  const response = await send().catch(send);
  const text = await response.text();
  const ms = performance.now() - start;
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  const header = response.headers.get("server-timing") ?? "";
  return {
    ms,
    cached: response.headers.get("x-corkboard-cache") !== "miss",
    stages: new Map(
      [...header.matchAll(/(\w+);dur=([\d.]+)/g)].map(([, stage, dur]) => [stage!, Number(dur)]),
    ),
    objects: (JSON.parse(text) as { objects: unknown[] }).objects.length,
  };
}

/** One scene after the other, each new to the caches, then each again. */
async function stages(shop: Shop): Promise<Row[]> {
  const scenes = shop.scenes.slice(0, STAGED + 5).map(renamed);
  for (const scene of scenes.slice(STAGED)) await ask(shop, scene);
  const rows: Row[] = [];
  for (const kind of ["new", "known"] as const) {
    const answers: Answer[] = [];
    for (const scene of scenes.slice(0, STAGED)) answers.push(await ask(shop, scene));
    const label = `service: ${kind} ${shop.pictures}, one at a time`;
    const figures = new Map<string, number[]>();
    for (const { stages: spent } of answers) {
      for (const [stage, ms] of spent) figures.set(stage, [...(figures.get(stage) ?? []), ms]);
    }
    const all = answers.map(({ ms }) => ms);
    rows.push(figure(label, "whole request, p50", "ms", quantile(all, 0.5)));
    rows.push(figure(label, "whole request, p99", "ms", quantile(all, 0.99)));
    const objects = answers.map((answer) => answer.objects);
    rows.push(figure(label, "objects", "a scene", objects.reduce((a, b) => a + b, 0) / objects.length));
    for (const [stage, ms] of figures) rows.push(figure(label, `stage ${stage}`, "ms", median(ms)));
  }
  return rows;
}

/** Bytes after the end of a picture change its hash and nothing else. */
function renamed(picture: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(picture.length + 1);
  longer.set(picture);
  return longer;
}

async function traffic(shop: Shop): Promise<Row[]> {
  const order = zipf(SCENES, REQUESTS, SKEW, SEED);
  const answers: Answer[] = [];
  const load = await closedLoop(CALLERS, REQUESTS, async (index) => {
    answers.push(await ask(shop, shop.scenes[order[index]!]!));
  });
  const label = `service: ${REQUESTS} requests for ${SCENES} ${shop.pictures}, Zipf s = ${SKEW}, ${CALLERS} at once`;
  const hitRate = (some: readonly Answer[]) =>
    (100 * some.filter(({ cached }) => cached).length) / some.length;
  const latency = (cached: boolean, q: number) =>
    quantile(
      answers.filter((answer) => answer.cached === cached).map(({ ms }) => ms),
      q,
    );
  return [
    figure(label, "different scenes", "scenes", new Set(order).size),
    figure(label, "hit rate of the first 1,000", "%", hitRate(answers.slice(0, 1_000))),
    figure(label, "hit rate of the last 1,000", "%", hitRate(answers.slice(-1_000))),
    figure(label, "hit rate", "%", hitRate(answers)),
    figure(label, "throughput", "requests/s", 1000 / load.msEach),
    figure(label, "all, p50", "ms", load.p50),
    figure(label, "all, p99", "ms", load.p99),
    figure(label, "hits, p50", "ms", latency(true, 0.5)),
    figure(label, "hits, p99", "ms", latency(true, 0.99)),
    figure(label, "misses, p50", "ms", latency(false, 0.5)),
    figure(label, "misses, p99", "ms", latency(false, 0.99)),
  ];
}

function figure(name: string, subject: string, unit: string, value: number): Row {
  return { case: name, subject, unit, median: value, against: null, ratio: null };
}
