/** A board as a query: items like its themes, and items that share boards with its own. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import type { Catalog } from "../catalog.ts";
import { moreCursor, readMoreCursor } from "../cursor.ts";
import type { Item } from "../item.ts";
import { MAX_EXCLUDED, MAX_RESULTS } from "../limits.ts";
import type { Space } from "../shard/protocol.ts";
import { dot } from "../vector-index.ts";
import type { Boards } from "./boards.ts";
import {
  MAX_MORE_RESULTS,
  MAX_SAMPLED_ITEMS,
  MIN_NEAR_BOARDS,
  MIN_WALK_SCORE,
  WALK_STEPS,
} from "./limits.ts";
import { type Theme, themesOf } from "./themes.ts";

/** How an item came to be among the results. */
export type Reason =
  | {
      readonly by: "look";
      /** The item of the board that is most like it. */
      readonly like: string;
      /** Cosine of the item and the theme's centre. */
      readonly score: number;
    }
  | {
      /** Other boards have it together with items of this one. */
      readonly by: "boards";
      /** Of the walk that found it: grows with visits. */
      readonly score: number;
    };

export interface MoreResult {
  readonly id: string;
  readonly item: Item;
  readonly reason: Reason;
}

export interface MorePage {
  readonly results: MoreResult[];
  readonly next?: string;
}

export interface MoreOptions {
  /** 1 … MAX_RESULTS. @default 20 */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** Share of the results that walks find, where there are boards enough to walk over. */
export const WALK_SHARE = 1 / 3;

/** Walks from the same board go the same way. */
const SEED = 1;

interface Known {
  readonly id: string;
  readonly vector: Embedding;
}

/** Items of the board with their vectors, and the space of these. */
interface Sample {
  readonly known: readonly Known[];
  readonly space: Space;
}

/** Results of one kind, best first, and their share of all. */
interface Source {
  readonly share: number;
  readonly results: readonly MoreResult[];
}

export class MoreLikeBoard {
  readonly #boards: Boards;
  readonly #catalog: Catalog;

  constructor(boards: Boards, catalog: Catalog) {
    this.#boards = boards;
    this.#catalog = catalog;
  }

  /**
   * One page, best first, without the board's own items. Nothing where none of its items has a vector or company.
   * @throws {BoardNotFoundError} {InvalidCursorError} when the board has changed since {CatalogUnavailableError}
   */
  async run(id: string, { limit = 20, cursor }: MoreOptions = {}): Promise<MorePage> {
    const { items, version } = await this.#boards.itemsOf(id);
    const start = cursor === undefined ? 0 : readMoreCursor(cursor, version);
    const end = Math.min(MAX_MORE_RESULTS, start + Math.min(MAX_RESULTS, limit));
    // One more tells whether there is a next page.
    const wanted = Math.min(MAX_MORE_RESULTS, end + 1);
    const sample = items.slice(-MAX_SAMPLED_ITEMS);
    const own = new Set(items);
    const { picture: space } = await this.#catalog.serving();
    const [walked, known] = await Promise.all([
      this.#byBoards(id, sample, own, wanted),
      this.#known(sample, space),
    ]);
    const looks = await this.#byLook({ known, space }, own, wanted);
    const share = walked.length > 0 ? WALK_SHARE : 0;
    const sources = [
      ...looks.map((source) => ({ ...source, share: source.share * (1 - share) })),
      { share, results: walked },
    ];
    const all = interleave(sources, wanted);
    return {
      results: await this.#nearest(all.slice(start, end), { known, space }),
      ...(all.length > end && { next: moreCursor(version, end) }),
    };
  }

  /** Those of the items that have a vector, with it. */
  async #known(ids: readonly string[], space: Space): Promise<Known[]> {
    const vectors = await this.#catalog.vectors(ids, space);
    return ids.flatMap((id, at) => (vectors[at] ? [{ id, vector: vectors[at] }] : []));
  }

  /** Says of results that were found by look which of the board's items each is most like. */
  async #nearest(results: readonly MoreResult[], { known, space }: Sample): Promise<MoreResult[]> {
    const looks = results.filter(({ reason }) => reason.by === "look");
    const vectors = new Map(
      (
        await this.#known(
          looks.map(({ id }) => id),
          space,
        )
      ).map(({ id, vector }) => [id, vector] as const),
    );
    return results.map((result) => {
      const { reason } = result;
      const vector = vectors.get(result.id);
      if (reason.by !== "look" || !vector) return result;
      const cosines = known.map((one) => dot(one.vector, vector));
      const { id: like } = known[cosines.indexOf(Math.max(...cosines))]!;
      return { ...result, reason: { ...reason, like } };
    });
  }

  /** Results for each theme of the board. */
  async #byLook({ known, space }: Sample, own: ReadonlySet<string>, wanted: number): Promise<Source[]> {
    const themes = themesOf(known.map(({ vector }) => vector));
    return Promise.all(
      themes.map(async (theme) => ({
        share: theme.members.length / known.length,
        results: await this.#like(theme, { like: known[theme.medoid]!.id, space }, own, wanted),
      })),
    );
  }

  async #like(
    { centre }: Theme,
    { like, space }: { readonly like: string; readonly space: Space },
    own: ReadonlySet<string>,
    wanted: number,
  ): Promise<MoreResult[]> {
    const found: MoreResult[] = [];
    // A search leaves out some itself; of boards that have more, the others are looked over.
    const exclude = own.size <= MAX_EXCLUDED ? [...own] : [];
    let cursor: string | undefined;
    do {
      const limit = exclude.length > 0 ? Math.min(wanted, MAX_RESULTS) : MAX_RESULTS;
      const page = await this.#catalog.search.run({ by: { vector: centre }, space, limit, exclude, cursor });
      for (const { id, item, score } of page.results) {
        if (!own.has(id)) found.push({ id, item, reason: { by: "look", like, score } });
      }
      cursor = page.next;
    } while (found.length < wanted && cursor !== undefined);
    return found;
  }

  /** What walks over other boards come by. Nothing when too few boards share an item with this one. */
  async #byBoards(
    id: string,
    sample: readonly string[],
    own: ReadonlySet<string>,
    wanted: number,
  ): Promise<MoreResult[]> {
    if (sample.length === 0) return [];
    const { graph, near } = await this.#boards.around(sample, id);
    if (near < MIN_NEAR_BOARDS) return [];
    const found = graph
      .near(sample, { seed: SEED, steps: WALK_STEPS })
      .filter(({ item, score }) => score >= MIN_WALK_SCORE && !own.has(item))
      .slice(0, wanted);
    const items = await this.#catalog.getAll(found.map(({ item }) => item));
    return found.flatMap(({ item: at, score }, place) => {
      const item = items[place];
      return item ? [{ id: at, item, reason: { by: "boards" as const, score } }] : [];
    });
  }
}

/** Takes from each source as its share demands, nothing twice, until there are enough or none are left. */
export function interleave(sources: readonly Source[], wanted: number): MoreResult[] {
  const queues = sources.map(({ share, results }) => ({ share, rest: [...results].reverse(), taken: 0 }));
  const all = new Map<string, MoreResult>();
  while (all.size < wanted) {
    const left = queues.filter(({ rest }) => rest.length > 0);
    if (left.length === 0) break;
    const next = left.reduce((a, b) => ((b.taken + 1) / b.share < (a.taken + 1) / a.share ? b : a));
    const result = next.rest.pop()!;
    if (all.has(result.id)) continue;
    all.set(result.id, result);
    next.taken++;
  }
  return [...all.values()];
}
