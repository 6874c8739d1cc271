/**
 * Draws the showroom's logs, to train on: `npx tsx models/unipinrec/draw-logs.ts OUT [--people 3000] [--products 1500]
 * [--seed 1]`. With seed 1, the first 300 products are those that a first start sells.
 *
 * Writes the files of `draw-products.ts`, `events.ndjson.gz` (events as `POST /v1/events` takes them, in the order of
 * time; a list's impressions come together, the top first) and `people.jsonl` (tastes: the truth, not to train on).
 * Products that are in OUT already are not drawn again.
 */
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { eventsOf, generatePeople, similarByVectors, simulate } from "../../src/demo/people.ts";
import type { Event } from "../../src/people/event.ts";
import { drawProducts } from "./draw-products.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: "string", default: "3000" },
    products: { type: "string", default: "1500" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});
const [folder] = positionals;
if (values.help || !folder) {
  console.log("Usage: tsx models/unipinrec/draw-logs.ts OUT [--people 3000] [--products 1500] [--seed 1]");
  process.exit(values.help ? 0 : 1);
}
const [people, count, seed] = (["people", "products", "seed"] as const).map((name) => {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new RangeError(`--${name} is a whole number from 1.`);
  return number;
}) as [number, number, number];

/** Events of one write: a write a line costs more than its compression. */
const LINES = 1_000;

function* linesOf(events: Iterable<Event>): Generator<string> {
  let lines: string[] = [];
  for (const event of events) {
    lines.push(JSON.stringify(event));
    if (lines.length < LINES) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}

const { products, vectors, dimensions } = await drawProducts(folder, seed, count);
const everybody = generatePeople({ seed, count: people });
const similar = similarByVectors(vectors, dimensions);
const slates = simulate({ seed, products, people: everybody, similar });
console.error(`${slates.length} lists of ${people} people`);
await pipeline(
  Readable.from(linesOf(eventsOf(slates, products))),
  createGzip(),
  createWriteStream(join(folder, "events.ndjson.gz")),
);
await writeFile(
  join(folder, "people.jsonl"),
  `${everybody.map((person) => JSON.stringify(person)).join("\n")}\n`,
);
