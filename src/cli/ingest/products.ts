/** Lists of products: CSV with a heading, or a JSON object a line. */
import { createReadStream } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";
import { canonical } from "../../catalog/canonical.ts";
import { ItemLine } from "../../catalog/item.ts";
import { loadPicture, pictureFingerprint } from "./picture-file.ts";
import type { Found, Listing, Unusable } from "./source.ts";

/** Columns with a meaning; all others are attributes. */
const FIELDS: ReadonlySet<string> = new Set([
  "id",
  "image",
  "title",
  "description",
  "category",
  "price",
  "link",
]);

/** A number as people write it: `007` and `1e9` stay text. */
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;

interface Row {
  readonly line: number;
  /** Nothing when the line is no JSON. */
  readonly value: unknown;
}

export async function listCsv(path: string): Promise<Listing> {
  return listing(path, csvRows(path));
}

export async function listNdjson(path: string): Promise<Listing> {
  return listing(path, jsonRows(path));
}

async function listing(path: string, rows: AsyncIterable<Row>): Promise<Listing> {
  const found: Found[] = [];
  const unusable: Unusable[] = [];
  const folder = dirname(path);
  for await (const { line, value } of rows) {
    const parsed = ItemLine.safeParse(value);
    if (parsed.success) found.push(await foundOf(parsed.data, folder));
    else {
      const [issue] = parsed.error.issues;
      const reason = `${issue!.path.join(".") || "the line"}: ${issue!.message}`;
      unusable.push({ where: `${path}:${line}`, reason });
    }
  }
  return { found, unusable };
}

async function foundOf({ image, ...fields }: ItemLine, folder: string): Promise<Found> {
  const { id } = fields;
  if (image === undefined) return { id, fingerprint: canonical(fields), load: async () => fields };
  return {
    id,
    fingerprint: canonical([fields, await pictureFingerprint(image, folder)]),
    load: async () => ({ ...fields, image: await loadPicture(image, folder) }),
  };
}

async function* csvRows(path: string): AsyncGenerator<Row> {
  const parser = parse({ columns: true, bom: true, trim: true, skip_empty_lines: true, info: true });
  const records = createReadStream(path).pipe(parser) as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number };
  }>;
  for await (const { record, info } of records) yield { line: info.lines, value: itemOf(record) };
}

/** A record as an item: empty cells say nothing, `a|b` in an attribute is two values. */
function itemOf(record: Record<string, string>): unknown {
  const cells = Object.entries(record).filter(([, value]) => value !== "");
  const attributes = cells
    .filter(([name]) => !FIELDS.has(name))
    .map(([name, value]) => [name, attributeOf(value)]);
  return {
    ...Object.fromEntries(cells.filter(([name]) => FIELDS.has(name))),
    ...(record.price && { price: Number(record.price) }),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

function attributeOf(text: string): string | number | string[] {
  if (NUMBER.test(text)) return Number(text);
  return text.includes("|") ? text.split("|").map((one) => one.trim()) : text;
}

async function* jsonRows(path: string): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === "") continue;
    yield { line, value: parsed(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
