/**
 * Somebody's feed: a cascade of paths, each of which fills what the one before has left open. The origin within its
 * deadline, else the edge, else what needs no model, else what was seen the longest ago, as the edge ranks it.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { CatalogUnavailableError } from "../catalog/errors.ts";
import type { ServedImpression } from "../people/feed-memory.ts";
import type { People } from "../people/people.ts";
import { Problem } from "../problem.ts";
import { unranked } from "./again.ts";
import type { Candidate, FeedContext, FeedPath } from "./candidate.ts";
import { ColdFeed } from "./cold-feed.ts";
import { feedCursor, readFeedCursor } from "./cursor.ts";
import { type EdgeAnswer, EdgeFeed, type EdgeFeedOptions } from "./edge-feed.ts";
import { DEFAULT_FEED_ITEMS, FEED_OVERFETCH, MAX_FEED_ITEMS } from "./limits.ts";
import type { OriginFeed } from "./origin-feed.ts";
import { type FeedItem, type FeedReport, itemOf, PageInWork } from "./page.ts";

export interface FeedOptions extends Omit<EdgeFeedOptions, "catalog"> {
  readonly people: Pick<People, "feedState" | "serve">;
  readonly catalog: Pick<Catalog, "serving" | "vectors" | "shards" | "getAll">;
  /** @default none: the edge answers */
  readonly origin?: OriginFeed | undefined;
  /** Told of what went wrong on a path that another has replaced. @default nobody */
  readonly onFailure?: (path: FeedPath, error: unknown) => void;
}

export interface FeedRequest {
  readonly user: string;
  /** 1 … MAX_FEED_ITEMS. @default DEFAULT_FEED_ITEMS */
  readonly limit?: number | undefined;
  /** Where it is shown. @default "feed" */
  readonly surface?: string | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface Slate {
  readonly items: FeedItem[];
  /** Names this page in events. */
  readonly slate: string;
  /** Cursor of the next page; none when there is no more. */
  readonly next?: string;
  /** Where most of its items come from. */
  readonly path: FeedPath;
  readonly report: FeedReport;
}

export class Feed {
  readonly #options: FeedOptions;
  readonly #cold: ColdFeed;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#cold = new ColdFeed(options.catalog);
  }

  /**
   * One page, which is recorded as shown before it is answered. Nothing comes twice in a feed, that is a first page
   * and those that its cursors lead to; what was shown in earlier feeds comes only when nothing new is left.
   * @throws {InvalidCursorError} {CatalogUnavailableError} {PersonUnavailableError} {EventsWaitingError}
   */
  async slate(request: FeedRequest): Promise<Slate> {
    const { user, limit = DEFAULT_FEED_ITEMS, surface = "feed", cursor } = request;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_FEED_ITEMS) {
      throw new RangeError(`${limit} items cannot be answered: 1 to ${MAX_FEED_ITEMS}`);
    }
    const began = cursor === undefined ? undefined : await readFeedCursor(cursor, user, surface);
    const page = new PageInWork(limit);
    const state = await page.timed("history", () => this.#options.people.feedState(user));
    const started = Math.min(began ?? state.now, state.now);
    const base = { user, surface, state, started };
    const edge = new EdgeFeed(this.#options, state);
    const acted = state.actions.map(({ item }) => item);
    const never = new Set([...acted, ...state.hidden]);
    const lately = state.shown.map(({ item }) => item).reverse();
    const seen = new Set([...acted, ...lately, ...state.hidden]);
    await this.#fill(page, "origin", base, seen, (context, wanted) =>
      this.#fromOrigin(page, context, wanted),
    );
    await this.#fill(page, "edge", base, seen, (context, wanted) =>
      this.#fromEdge(page, () => edge.run(context, wanted)),
    );
    await this.#fill(page, "cold", base, seen, (context, wanted) => this.#cold.run(context, wanted));
    await this.#fill(page, "again", base, never, async (context, wanted) => [
      ...(await this.#fromEdge(page, () => edge.again(context, wanted))),
      ...unranked(context),
    ]);
    const slate = crypto.randomUUID();
    if (page.items.length > 0) {
      const impressions = page.items.map((one, position) => impressionOf(one, { slate, surface, position }));
      await page.timed("record", () => this.#options.people.serve(user, impressions));
    }
    const { origin } = this.#options;
    return {
      items: page.items,
      slate,
      // A page that is not full has all that there was.
      ...(page.items.length === limit && { next: await feedCursor(user, surface, started) }),
      path: page.path,
      report: { ...page.report, ...(origin && { breaker: origin.breaker.state }) },
    };
  }

  /** Asks a path for what the page lacks, and takes those that may be shown and are in the catalogue. */
  async #fill(
    page: PageInWork,
    step: string,
    base: Omit<FeedContext, "excluded">,
    excluded: ReadonlySet<string>,
    path: (context: FeedContext, wanted: number) => Promise<readonly Candidate[]>,
  ): Promise<void> {
    if (page.wanted === 0) return;
    await page.timed(step, async () => {
      const all = new Set([...page.items.map(({ id }) => id), ...excluded]);
      const candidates = (await path({ ...base, excluded: all }, page.wanted)).filter(({ id }) => {
        if (all.has(id)) return false;
        all.add(id);
        return true;
      });
      // More and more at once: many in a row may have left the catalogue.
      let [from, count] = [0, FEED_OVERFETCH * page.wanted];
      while (page.wanted > 0 && from < candidates.length) {
        const some = candidates.slice(from, from + count);
        const items = await this.#options.catalog.getAll(some.map(({ id }) => id));
        page.add(some.flatMap((one, at) => (items[at] ? itemOf(one, items[at]) : [])));
        from += count;
        count *= 2;
      }
    });
  }

  async #fromOrigin(page: PageInWork, context: FeedContext, wanted: number): Promise<readonly Candidate[]> {
    const { origin, onFailure } = this.#options;
    if (!origin) return page.withoutOrigin("no-origin");
    if (context.state.actions.length === 0) return page.withoutOrigin("no-history");
    try {
      const candidates = await origin.run(context, wanted);
      page.considered += candidates.length;
      if (candidates.length === 0) page.withoutOrigin("no-more");
      return candidates;
    } catch (error) {
      onFailure?.("origin", error);
      return page.withoutOrigin(codeOf(error));
    }
  }

  async #fromEdge(page: PageInWork, ask: () => Promise<EdgeAnswer>): Promise<readonly Candidate[]> {
    const { onFailure } = this.#options;
    try {
      const { candidates, considered, rankerError } = await ask();
      page.considered += considered;
      if (rankerError !== undefined) {
        onFailure?.("edge", rankerError);
        page.ranker = codeOf(rankerError);
      }
      return candidates;
    } catch (error) {
      // Without its catalogue no path has anything; of anything else, a vector that cannot be, the cold path is free.
      if (error instanceof CatalogUnavailableError) throw error;
      onFailure?.("edge", error);
      return [];
    }
  }
}

function impressionOf(
  { id, path, scores, model }: FeedItem,
  {
    slate,
    surface,
    position,
  }: { readonly slate: string; readonly surface: string; readonly position: number },
): ServedImpression {
  return {
    // No client can choose it: their ids have no slash.
    id: `${slate}/${position}`,
    item: id,
    surface,
    slate,
    served: { path, position, ...(scores && { scores }), ...(model !== undefined && { model }) },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : "failed";
}
