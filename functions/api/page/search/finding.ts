/** Searches, page by page. */
import type { Corkboard, Crop, Filter, SearchQuery, SearchResult } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";
import type { Subject } from "./subject.ts";

/** Results of one page: a few screens. */
const PAGE = 24;

/** Items of the board that hangs before anything is searched: some of each of a few categories. */
const BROWSED_CATEGORIES = 14;
const BROWSED_EACH = 2;

/** An item is less like a fixed, meaningless direction than another is: an order that mixes everything. */
const NOWHERE = Array.from({ length: 256 }, (_, index) => Math.sin(12.9898 * (index + 1)));

export interface Found {
  readonly results: readonly SearchResult[];
  /** Gets the next page, where there is one. */
  readonly more?: () => Promise<Found>;
}

export interface Wanted {
  readonly subject: Subject | undefined;
  readonly crop: Crop | undefined;
  readonly filter: Filter | undefined;
  readonly explain: boolean;
  readonly signal: AbortSignal;
}

export async function find(api: Api, wanted: Wanted): Promise<Found> {
  const { subject, filter } = wanted;
  if (subject === undefined && filter === undefined) return { results: await browse(api, wanted.signal) };
  return run(api, firstQuery(wanted), wanted.signal);
}

function firstQuery({ subject, crop, filter, explain }: Wanted): SearchQuery {
  const options = { limit: PAGE, filter, explain };
  if (subject === undefined) return { vector: NOWHERE, ...options };
  if ("item" in subject && (crop === undefined || subject.picture === undefined)) {
    return { item: subject.item.id, ...options };
  }
  const { blob } = subject.picture!;
  return { image: blob, ...(crop && { crop }), ...options };
}

async function run(api: Api, query: SearchQuery, signal: AbortSignal): Promise<Found> {
  const page = await api.call((client) => client.search(query, { signal }));
  const { results, next } = page;
  if (next === undefined) return { results };
  const { limit, filter, explain } = query;
  // The picture was embedded already: its vector is smaller than itself.
  const again: SearchQuery = page.query
    ? { vector: page.query.vector, limit, filter, explain, cursor: next }
    : { ...query, cursor: next };
  return { results, more: () => run(api, again, signal) };
}

/** Something of everything, category after category. */
async function browse(api: Api, signal: AbortSignal): Promise<SearchResult[]> {
  return api.call(async (client) => {
    const { categories } = await client.catalog({ signal });
    const names = spread(categories.map(({ category }) => category).sort(), BROWSED_CATEGORIES);
    const shelves = await Promise.all(names.map((category) => shelf(client, category, signal)));
    if (names.length === 0) shelves.push(await shelf(client, undefined, signal));
    const rounds = Array.from({ length: PAGE }, (_, round) => shelves.flatMap((items) => items[round] ?? []));
    return rounds.flat().map((item) => ({ id: item.id, score: 0, item }));
  });
}

async function shelf(client: Corkboard, category: string | undefined, signal: AbortSignal) {
  const limit = category === undefined ? PAGE : BROWSED_EACH;
  return (await client.items.list({ limit, state: "embedded", category }, { signal })).items;
}

/** Up to `count` of the values, evenly from all of them. */
function spread<Value>(values: readonly Value[], count: number): Value[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, index) => values[Math.floor((index * values.length) / count)]!);
}
