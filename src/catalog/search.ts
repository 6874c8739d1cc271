/** Search as callers see it: by vector or by item, page by page, with the items themselves. */
import type { Embedding } from "../vision/unified-embedding.ts";
import { fingerprint, readSearchCursor, searchCursor } from "./cursor.ts";
import { ItemNotFoundError, NotEmbeddedError } from "./errors.ts";
import type { Filter } from "./filter.ts";
import type { Item } from "./item.ts";
import { MAX_EXCLUDED, MAX_FILTER_VALUES, MAX_RESULT_WINDOW, MAX_RESULTS } from "./limits.ts";
import { type Serving, servingTarget } from "./serving.ts";
import type { EmbeddingTarget, Role, Space } from "./shard/protocol.ts";
import { ShardedIndex } from "./sharded-index.ts";
import type { Shards } from "./shards.ts";
import { MAX_QUERY_STEMS, stemsOf } from "./stems.ts";
import { type Explanation, type Hit, InvalidQueryError } from "./vector-index.ts";

export interface SearchRequest {
  /** What to look for: a vector of the catalogue's model, or an item (which then is not among the results). */
  readonly by: { readonly vector: Embedding } | { readonly item: string };
  /** Results of a page, 1 … MAX_RESULTS. @default 20 */
  readonly limit?: number | undefined;
  readonly filter?: Filter | undefined;
  /** The gate: only items with any of these look categories. @default all items, those without one too */
  readonly looks?: readonly string[] | undefined;
  /** Ids that are not to be among the results, at most MAX_EXCLUDED. @default none */
  readonly exclude?: readonly string[] | undefined;
  /** Words, beside the vector, that count for items which say them. @default none */
  readonly words?: string | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  /** The space that the vector is of, or in which a search goes on: `Catalog.spaceOf`. @default the one searched now */
  readonly space?: Space | undefined;
  /** Say how each result was found. @default false */
  readonly explain?: boolean | undefined;
}

export interface SearchResult {
  readonly id: string;
  /** Cosine, −1 … 1; an inner product when the query has another length than 1. */
  readonly score: number;
  readonly item: Item;
  readonly explanation?: Explanation;
}

export interface SearchPage {
  readonly results: SearchResult[];
  /** Cursor of the next page; none after the last. */
  readonly next?: string;
}

export class SearchService {
  readonly #shards: Shards;
  readonly #serving: () => Promise<Serving>;
  readonly #role: Role;

  /** @param role which of the spaces that are searched now; items are shown in their state in the one of pictures */
  constructor(shards: Shards, serving: () => Promise<Serving>, role: Role) {
    this.#shards = shards;
    this.#serving = serving;
    this.#role = role;
  }

  /**
   * One page of results, best first. There must be a space of the role.
   * @throws {InvalidQueryError} {InvalidCursorError} {ItemNotFoundError} {NotEmbeddedError} {CatalogUnavailableError}
   */
  async run(request: SearchRequest): Promise<SearchPage> {
    const { by, limit = 20, filter, looks, exclude, cursor, explain } = request;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RESULTS) {
      throw new InvalidQueryError(`${limit} results cannot be answered.`, `Ask for 1 to ${MAX_RESULTS}.`);
    }
    checkLists(request);
    const serving = await this.#serving();
    const space = request.space ?? serving[this.#role]!;
    const index = new ShardedIndex(this.#shards, space, serving.picture);
    const vector = "vector" in by ? by.vector : await this.#vectorOf(by.item, space);
    const stems = request.words === undefined ? undefined : stemsOf(request.words, MAX_QUERY_STEMS);
    const print = await fingerprint(vector, { filter, looks, exclude, stems });
    const after = cursor === undefined ? undefined : readSearchCursor(cursor, print);
    // One more tells whether there is a next page; another makes up for the item searched by.
    const k = Math.min(index.limits.results, limit + 2);
    const found = await index.search({ vector, k, filter, looks, exclude, stems, after, explain });
    const rest = "item" in by ? found.filter(({ id }) => id !== by.item) : found;
    const hits = rest.slice(0, limit);
    const results = await this.#withItems(hits, servingTarget(serving));
    const seen = (after?.seen ?? 0) + hits.length;
    const last = hits.at(-1);
    const more = rest.length > limit && seen < MAX_RESULT_WINDOW;
    return { results, ...(last && more && { next: searchCursor(print, { ...last, seen }, space.revision) }) };
  }

  async #vectorOf(id: string, space: Space): Promise<Embedding> {
    const likeness = await this.#shards.one(id, (shard) => shard.likeness(id, space));
    if (!likeness) throw new ItemNotFoundError(id);
    if (!likeness.vector) throw new NotEmbeddedError(id);
    return likeness.vector;
  }

  /** Hits with their items; those whose items were removed in the meantime are left out. */
  async #withItems(hits: readonly Hit[], shown: EmbeddingTarget): Promise<SearchResult[]> {
    const items = await this.#shards.each(
      hits,
      ({ id }) => id,
      (shard, some) =>
        shard.get(
          some.map(({ id }) => id),
          shown,
        ),
    );
    return hits.flatMap((hit, at) => {
      const item = items[at];
      return item ? [{ ...hit, item }] : [];
    });
  }
}

/** @throws {InvalidQueryError} */
function checkLists({ looks, exclude }: SearchRequest): void {
  if (looks && (looks.length < 1 || looks.length > MAX_FILTER_VALUES)) {
    throw new InvalidQueryError(
      `${looks.length} look categories cannot be searched among.`,
      `Name 1 to ${MAX_FILTER_VALUES}, or none at all.`,
    );
  }
  if (exclude && exclude.length > MAX_EXCLUDED) {
    throw new InvalidQueryError(
      `${exclude.length} items cannot be left out.`,
      `Leave out at most ${MAX_EXCLUDED}.`,
    );
  }
}
