/** Searches, page by page. */
import type { Crop, Filter, Item, SearchQuery, SearchResult } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";
import type { Subject } from "./subject.ts";
import { type Wish, wishQuery } from "./wish.ts";

/** Results of one page: a few screens. */
const PAGE = 24;

/** Items that the board before any search is chosen from. */
const SAMPLE = 120;

/** An item is less like a fixed, meaningless direction than another is: an order that mixes everything. */
const NOWHERE = Array.from({ length: 256 }, (_, index) => Math.sin(12.9898 * (index + 1)));

export interface Found {
  readonly results: readonly SearchResult[];
  /** More items that were looked at on the way, for what can be filtered by. */
  readonly seen?: readonly Item[];
  /** Gets the next page, where there is one. */
  readonly more?: () => Promise<Found>;
}

export interface Wanted {
  readonly subject: Subject | undefined;
  readonly crop: Crop | undefined;
  readonly wish: Wish;
  readonly filter: Filter | undefined;
  readonly explain: boolean;
  readonly signal: AbortSignal;
}

export async function find(api: Api, wanted: Wanted): Promise<Found> {
  const { subject, wish, filter } = wanted;
  if (subject === undefined && wish.words === undefined && filter === undefined) {
    return browse(api, wanted.signal);
  }
  return run(api, firstQuery(wanted), wanted.signal);
}

function firstQuery({ subject, crop, wish, filter, explain }: Wanted): SearchQuery {
  const plain = { limit: PAGE, filter, explain };
  const options = { ...plain, ...wishQuery(wish, subject !== undefined) };
  if (subject === undefined) {
    const { words: text } = wish;
    return text === undefined ? { vector: NOWHERE, ...plain } : { ...options, text };
  }
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
  // A picture was embedded already: the query's vector is smaller than it. Items have to be named again, since they
  // are left out of the results.
  const again: SearchQuery =
    query.image === undefined || query.unlike !== undefined
      ? { ...query, cursor: next }
      : { vector: page.query.vector, model: page.query.model, limit, filter, explain, cursor: next };
  return { results, more: () => run(api, again, signal) };
}

/** Items of one category, or of all, in an order that mixes them. */
export async function sample(api: Api, category?: string, signal?: AbortSignal): Promise<Item[]> {
  const filter = category === undefined ? undefined : { category };
  const query = { vector: NOWHERE, limit: SAMPLE, filter };
  const { results } = await api.call((client) => client.search(query, { signal }));
  return results.map(({ item }) => item);
}

/** Something of everything: one of each category, then another. */
async function browse(api: Api, signal: AbortSignal): Promise<Found> {
  const seen = await sample(api, undefined, signal);
  const shelves = new Map<string | undefined, Item[]>();
  for (const item of seen) {
    const shelf = shelves.get(item.category) ?? [];
    shelves.set(item.category, [...shelf, item]);
  }
  const rounds = seen.map((_, round) => [...shelves.values()].flatMap((shelf) => shelf[round] ?? []));
  const chosen = rounds.flat().slice(0, PAGE);
  return { results: chosen.map((item) => ({ id: item.id, score: 0, item })), seen };
}
