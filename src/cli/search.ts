/** `corkboard search`: what looks like a picture, or is what words say. */
import { Command, InvalidArgumentError } from "commander";
import type { Crop, Filter, SearchQuery, SearchResult } from "../client/index.ts";
import { Problem } from "../problem.ts";
import { type ConnectionOptions, connect, withConnection } from "./connection.ts";
import { readPicture } from "./picture-paths.ts";
import { cell, table } from "./table.ts";

interface SearchCommandOptions extends ConnectionOptions {
  readonly item: boolean;
  readonly text?: string;
  readonly unlike: readonly string[];
  readonly limit: number;
  readonly category?: string[];
  readonly minPrice?: number;
  readonly maxPrice?: number;
  readonly attribute: readonly (readonly [name: string, value: string])[];
  readonly crop?: Crop;
  readonly json: boolean;
}

const TITLE_WIDTH = 48;
const MAX_LIMIT = 200;

export function searchCommand(): Command {
  return withConnection(new Command("search"))
    .description("Find items that look like a picture, or that words describe.")
    .argument("[picture]", "a file, - for standard input, or an http(s) address; with --item an item's id")
    .option("--item", "more like the item with this id", false)
    .option("--text <words>", "that are what these words say, with a picture or without")
    .option("--unlike <words>", "but not what these words say; may be repeated", collected, [])
    .option("--limit <number>", "how many results, up to 200", limitOf, 10)
    .option("--category <name...>", "only of these categories")
    .option("--min-price <number>", "only from this price", numberOf)
    .option("--max-price <number>", "only up to this price", numberOf)
    .option("--attribute <name=value>", "only with this attribute; may be repeated", attributeOf, [])
    .option("--crop <x0,y0,x1,y1>", "search by a part, in fractions of the picture", cropOf)
    .option("--json", "as JSON, one result a line", false)
    .addHelpText(
      "after",
      `
Examples:
  $ npx corkboard search photo.jpg --category chair --max-price 200
  $ npx corkboard search --text "red dress" --unlike "long sleeves"
  $ npx corkboard search sofa.jpg --text "in green leather"
  $ npx corkboard search --item chair-0042 --json | head -1`,
    )
    .action(search);
}

async function search(picture: string | undefined, options: SearchCommandOptions): Promise<void> {
  const corkboard = connect(options);
  const query = await queryOf(picture, options);
  const { results } = await corkboard.search(query);
  process.stdout.write(
    options.json ? results.map((one) => `${JSON.stringify(one)}\n`).join("") : asTable(results),
  );
  if (results.length === 0) console.error("Nothing was found.");
}

async function queryOf(picture: string | undefined, options: SearchCommandOptions): Promise<SearchQuery> {
  const { text, unlike, limit, crop } = options;
  const rest = {
    limit,
    filter: filterOf(options),
    ...(unlike.length > 0 && { unlike: unlike.map((words) => ({ text: words })) }),
  };
  if (picture !== undefined && options.item) return { item: picture, text, ...rest };
  if (picture !== undefined) return { image: await imageOf(picture), crop, text, ...rest };
  if (text !== undefined) return { text, ...rest };
  throw new Problem({
    status: 400,
    code: "nothing-to-search-by",
    title: "Nothing to search by",
    detail: "There is neither a picture nor words.",
    hint: 'Name a file, or say what you look for: --text "red dress".',
  });
}

function collected(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function imageOf(picture: string): Promise<string | Uint8Array<ArrayBuffer>> {
  return /^https?:\/\//i.test(picture) ? picture : Uint8Array.from(await readPicture(picture));
}

function filterOf(options: SearchCommandOptions): Filter | undefined {
  const { category, minPrice: min, maxPrice: max, attribute } = options;
  const price = min === undefined && max === undefined ? undefined : { min, max };
  const attributes = attribute.length > 0 ? valuesByName(attribute) : undefined;
  return category || price || attributes ? { category, price, attributes } : undefined;
}

/** An attribute named twice may have either value. */
function valuesByName(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of pairs) all[name] = [...(all[name] ?? []), value];
  return all;
}

function asTable(results: readonly SearchResult[]): string {
  const rows = results.map(({ id, score, item }, at) => [
    at + 1,
    score.toFixed(3),
    id,
    cell(item.title, TITLE_WIDTH),
    cell(item.category, TITLE_WIDTH),
    item.price === undefined ? "" : String(item.price),
  ]);
  return rows.length === 0 ? "" : table([["#", "score", "id", "title", "category", "price"], ...rows]);
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Not a number.");
  return value;
}

function limitOf(text: string): number {
  const limit = numberOf(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidArgumentError(`Between 1 and ${MAX_LIMIT}.`);
  }
  return limit;
}

function attributeOf(text: string, others: readonly [string, string][]): [string, string][] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write name=value.");
  return [...others, [text.slice(0, at), text.slice(at + 1)]];
}

function cropOf(text: string): Crop {
  const corners = text.split(",").map(numberOf);
  if (corners.length !== 4) throw new InvalidArgumentError("Write x0,y0,x1,y1.");
  return corners as Crop;
}
