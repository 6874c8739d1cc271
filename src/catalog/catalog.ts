/** The catalogue as its callers see it: items in, items out, search. Shards, store and queue are behind it. */
import type { Embedding } from "../vision/unified-embedding.ts";
import { type BatchEntry, type BatchResult, writeBatch } from "./batch.ts";
import { listCursor, readListCursor, revisionOfCursor } from "./cursor.ts";
import {
  ItemNotFoundError,
  NoCompanionError,
  NoItemSpaceError,
  PictureMissingError,
  ShardFullError,
  VersionConflictError,
} from "./errors.ts";
import type { Item, ItemStatus, ItemWrite } from "./item.ts";
import { MAX_LISTED_CATEGORIES, MAX_PAGE } from "./limits.ts";
import { DuplicateFinder } from "./near-duplicates.ts";
import { type PictureBucket, PictureStore } from "./picture-store.ts";
import { type SearchPage, type SearchRequest, SearchService } from "./search.ts";
import { type Serving, ServingSpaces, servingTarget } from "./serving.ts";
import { type EmbeddingMessage, messagesOf } from "./shard/messages.ts";
import type {
  CategoryCount,
  EmbeddingTarget,
  Role,
  ShardStats,
  ShardWrite,
  Space,
  WriteOutcome,
} from "./shard/protocol.ts";
import { MESSAGES_PER_BATCH } from "./shard/schedule.ts";
import { MAX_ITEMS_PER_SHARD } from "./shard/writer.ts";
import { DEFAULT_SHARDS, type ShardNamespace, Shards } from "./shards.ts";
import { VectorListing } from "./vector-listing.ts";

/** What is used of a queue. */
export interface EmbeddingQueue {
  sendBatch(messages: readonly { readonly body: EmbeddingMessage }[]): Promise<unknown>;
}

export interface CatalogOptions {
  /** Namespace of the Durable Object class `CatalogShard`. */
  readonly shards: ShardNamespace;
  /** How many there are. Must never change for data that is there: see `shardOf`. @default DEFAULT_SHARDS */
  readonly shardCount?: number;
  readonly pictures: PictureBucket;
  readonly queue: EmbeddingQueue;
  /** The model that embeds pictures and queries. */
  readonly space: Space;
  /** The space for what goes together, made by the same look at the pictures. @default none */
  readonly companion?: Space | undefined;
  /** The space of items' pictures and words together, which words are searched in. @default none */
  readonly item?: Space | undefined;
  /**
   * Spaces of older revisions whose models are still here, the newest first: they answer until the current ones are
   * complete. @default none
   */
  readonly older?: OlderSpaces | undefined;
  /** Look categories that items' words may name: the object detector's. @default none */
  readonly looks?: readonly string[] | undefined;
}

export interface OlderSpaces {
  readonly pictures?: readonly Pick<EmbeddingTarget, "model" | "revision" | "dimensions" | "companion">[];
  readonly items?: readonly Space[];
}

/** What to complete: see {@link Catalog.complete}. */
export interface CompletionRequest extends Omit<SearchRequest, "by"> {
  /** As many components as the companion space's, of any length. */
  readonly query: Float32Array<ArrayBuffer>;
}

export interface WriteResult {
  readonly id: string;
  readonly version: number;
  readonly created: boolean;
  /** False when the item was already so. */
  readonly changed: boolean;
}

export interface ListOptions {
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  /** 1 … MAX_PAGE. @default 50 */
  readonly limit?: number | undefined;
  readonly status?: ItemStatus | undefined;
  readonly category?: string | undefined;
  /** Look category. */
  readonly look?: string | undefined;
}

export interface ItemPage {
  readonly items: Item[];
  /** Cursor of the next page; none after the last. */
  readonly next?: string;
}

export interface CatalogStats extends ShardStats {
  readonly shards: number;
  /** Of the current models' spaces, while older ones are searched. */
  readonly current?: ShardStats;
}

export class Catalog {
  /** Of the current picture model. What is searched says {@link serving}. */
  readonly space: Space;
  /** What items are embedded into: `space`, its companion, and the current item space. */
  readonly target: EmbeddingTarget;
  /** Everything that items may be embedded into, older revisions too. */
  readonly #targets: readonly EmbeddingTarget[];
  readonly #serving: ServingSpaces;
  readonly pictures: PictureStore;
  readonly shards: Shards;
  readonly search: SearchService;
  readonly duplicates: DuplicateFinder;
  readonly itemVectors: VectorListing;
  readonly #completions: SearchService;
  readonly #items: SearchService;
  readonly #queue: EmbeddingQueue;

  constructor(options: CatalogOptions) {
    const { shards, shardCount = DEFAULT_SHARDS, pictures, queue, space, companion, item, looks } = options;
    const { older = {} } = options;
    this.space = plainSpace(space);
    this.target = {
      ...this.space,
      companion: companion && plainSpace(companion),
      item: item && plainSpace(item),
      looks,
    };
    const pictureTargets: EmbeddingTarget[] = [{ ...space, companion }, ...(older.pictures ?? [])].map(
      (one) => ({
        ...plainSpace(one),
        companion: one.companion && plainSpace(one.companion),
        looks,
      }),
    );
    const itemSpaces = [...(item ? [item] : []), ...(older.items ?? [])].map(plainSpace);
    this.#targets = [
      ...pictureTargets,
      ...itemSpaces.map((one) => ({ ...one, role: "item" as const, looks })),
    ];
    this.shards = new Shards(shards, shardCount);
    this.#serving = new ServingSpaces(this.shards, this.target, {
      picture: pictureTargets.map(plainSpace),
      look: pictureTargets.flatMap((one) => one.companion ?? []),
      item: itemSpaces,
    });
    this.pictures = new PictureStore(pictures);
    const serving = () => this.serving();
    this.search = new SearchService(this.shards, serving, "picture");
    this.#completions = new SearchService(this.shards, serving, "look");
    this.#items = new SearchService(this.shards, serving, "item");
    this.duplicates = new DuplicateFinder(this.shards, async () => (await serving()).picture);
    this.itemVectors = new VectorListing({
      shards: this.shards,
      serving: async () => (await serving()).item,
      spaces: itemSpaces,
    });
    this.#queue = queue;
  }

  /**
   * The spaces that are searched now: of the current models, or of older ones as long as the current ones have not
   * embedded every item. @throws {CatalogUnavailableError}
   */
  serving(): Promise<Serving> {
    return this.#serving.now();
  }

  /** What a space's messages ask for; nothing for spaces that are none of this catalogue's. */
  targetOf(space: Space): EmbeddingTarget | undefined {
    return this.#targets.find((target) =>
      [target, target.companion].some((one) => one && isSameSpace(one, space)),
    );
  }

  /** The space of a role in which a search goes on: that of the cursor, else the one that is searched now. */
  async spaceOf(role: Role, cursor?: string): Promise<Space | undefined> {
    const revision = cursor === undefined ? undefined : revisionOfCursor(cursor);
    const spaces = this.#targets.flatMap((one) => {
      if (role === "look") return one.companion ?? [];
      return (one.role ?? "picture") === role ? plainSpace(one) : [];
    });
    return spaces.find((one) => one.revision === revision) ?? (await this.serving())[role];
  }

  /**
   * Adds or replaces an item. When this has answered, item and picture are on disk. The same write again changes
   * nothing.
   * @throws {VersionConflictError} {PictureMissingError} {PictureNotStoredError} {ShardFullError}
   *   {CatalogUnavailableError}, problems of `src/media`
   */
  async put(write: ItemWrite): Promise<WriteResult> {
    const stored = await this.store(write);
    const [outcome] = await this.shards.one(write.id, (shard) => shard.put([stored], this.target));
    const result = accepted(write.id, outcome!);
    if (outcome!.ok && outcome!.pending) await this.enqueue([write.id]);
    return result;
  }

  /** Writes many items, a result for each, in order. Nothing that fails stops the others. */
  batch(entries: AsyncIterable<BatchEntry>): AsyncGenerator<BatchResult> {
    return writeBatch(this, entries);
  }

  /** @throws {ItemNotFoundError} {CatalogUnavailableError} */
  async get(id: string): Promise<Item> {
    const shown = servingTarget(await this.serving());
    const [item] = await this.shards.one(id, (shard) => shard.get([id], shown));
    if (!item) throw new ItemNotFoundError(id);
    return item;
  }

  /** Items in the order of the ids; nothing where there is none. @throws {CatalogUnavailableError} */
  async getAll(ids: readonly string[]): Promise<(Item | undefined)[]> {
    const shown = servingTarget(await this.serving());
    return this.shards.each(
      ids,
      (id) => id,
      (shard, some) => shard.get(some, shown),
    );
  }

  /** Vectors of items in a space, to search by; nothing where there is none yet. @throws {CatalogUnavailableError} */
  vectors(ids: readonly string[], space: Space): Promise<(Embedding | undefined)[]> {
    return this.shards.each(
      ids,
      (id) => id,
      (shard, some) => shard.vectors(some, space),
    );
  }

  /** Removes an item; its picture stays in the store. @throws {ItemNotFoundError} {VersionConflictError} */
  async delete(id: string, ifVersion?: number): Promise<void> {
    const outcome = await this.shards.one(id, (shard) => shard.delete(id, ifVersion));
    if (!outcome.ok) throw new VersionConflictError(id, outcome.version);
    if (!outcome.existed) throw new ItemNotFoundError(id);
  }

  /**
   * Items whose companion vectors have the largest inner products with a query, page by page as in a search.
   * @throws {NoCompanionError} {InvalidQueryError} {InvalidCursorError} {CatalogUnavailableError}
   */
  async complete({ query, ...request }: CompletionRequest): Promise<SearchPage> {
    if (!(await this.serving()).look) throw new NoCompanionError();
    return this.#completions.run({ by: { vector: query }, ...request });
  }

  /**
   * A search among vectors of items' pictures and words together, by a vector of a model that finds them.
   * @throws {NoItemSpaceError} {InvalidQueryError} {InvalidCursorError} {CatalogUnavailableError}
   */
  async searchByWords(request: SearchRequest): Promise<SearchPage> {
    if (!(await this.serving()).item) throw new NoItemSpaceError();
    return this.#items.run(request);
  }

  /** Items in the order of their ids. @throws {InvalidCursorError} {CatalogUnavailableError} */
  async list({ cursor, limit = 50, status, category, look }: ListOptions = {}): Promise<ItemPage> {
    const size = Math.min(MAX_PAGE, Math.max(1, limit));
    const after = cursor === undefined ? undefined : readListCursor(cursor);
    const query = { after, limit: size, status, category, look };
    const shown = servingTarget(await this.serving());
    const pages = await this.shards.all((shard) => shard.list(query, shown));
    const all = pages.flatMap(({ items }) => items).sort((a, b) => (a.id < b.id ? -1 : 1));
    const items = all.slice(0, size);
    const more = all.length > size || pages.some((page) => page.more);
    return { items, ...(more && { next: listCursor(items.at(-1)!.id) }) };
  }

  /**
   * Sends failed items to be embedded again: these, or all, up to `limit` a shard and space.
   * @returns how many there were
   */
  async retry(ids: readonly string[] | "all", limit = 1_000): Promise<number> {
    const spaces = [this.target, servingTarget(await this.serving())];
    const counts =
      ids === "all"
        ? await this.shards.all((shard) => shard.retry("all", limit, spaces))
        : await Promise.all(
            [...this.shards.groups(ids)].map(([number, some]) =>
              this.shards.at(number, (shard) => shard.retry(some, limit, spaces)),
            ),
          );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Counts of the spaces that are searched; and of the current ones that are being filled beside them. */
  async stats(): Promise<CatalogStats> {
    const serving = await this.serving();
    const [stats, current] = await Promise.all([
      this.#statsOf(servingTarget(serving)),
      serving.picture.revision === this.target.revision &&
      serving.look?.revision === this.target.companion?.revision &&
      serving.item?.revision === this.target.item?.revision
        ? undefined
        : this.#statsOf(this.target),
    ]);
    return { ...stats, ...(current && { current }) };
  }

  async #statsOf(target: EmbeddingTarget): Promise<Omit<CatalogStats, "current">> {
    const all = await this.shards.all((shard) => shard.stats(target));
    const companions = all.flatMap(({ companion }) => companion ?? []);
    const itemCounts = all.flatMap(({ item }) => item ?? []);
    const sum = (figure: (stats: ShardStats) => number) => all.reduce((total, one) => total + figure(one), 0);
    return {
      shards: all.length,
      items: sum(({ items }) => items),
      pending: sum(({ pending }) => pending),
      embedded: sum(({ embedded }) => embedded),
      failed: sum(({ failed }) => failed),
      ...(companions.length > 0 && { companion: companions.reduce(added) }),
      ...(itemCounts.length > 0 && { item: itemCounts.reduce(added) }),
      storageBytes: sum(({ storageBytes }) => storageBytes),
      memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    };
  }

  /** The categories that have most items, largest first. */
  async categories(limit = MAX_LISTED_CATEGORIES): Promise<CategoryCount[]> {
    const counts = new Map<string, number>();
    for (const { category, items } of (await this.shards.all((shard) => shard.categories())).flat()) {
      counts.set(category, (counts.get(category) ?? 0) + items);
    }
    const all = [...counts].map(([category, items]) => ({ category, items }));
    return all.sort((a, b) => b.items - a.items || (a.category < b.category ? -1 : 1)).slice(0, limit);
  }

  /** Forgets all vectors of a revision that no deployment uses any more. */
  async retire(space: Space): Promise<void> {
    await this.shards.all((shard) => shard.removeSpace(space));
  }

  /** Tells the queue that these items wait. Should it not listen, the shards tell it again later. */
  async enqueue(ids: readonly string[]): Promise<void> {
    const spaces = await this.#wantedSpaces();
    const messages = [...this.shards.groups(ids).values()].flatMap((some) =>
      spaces.flatMap((space) => messagesOf(some, space)),
    );
    for (let at = 0; at < messages.length; at += MESSAGES_PER_BATCH) {
      const batch = messages.slice(at, at + MESSAGES_PER_BATCH).map((body) => ({ body }));
      await this.#queue.sendBatch(batch).catch((error) => console.warn("embedding queue:", error));
    }
  }

  /** One space for each look at an item: of the current models, and of those that answer meanwhile. */
  async #wantedSpaces(): Promise<Space[]> {
    // A write that is on disk is answered even if this cannot be told: the shards send what is missing later.
    const serving = await this.serving().catch(() => undefined);
    const wanted = [this.space, this.target.item, serving?.picture, serving?.look, serving?.item];
    const targets = wanted.flatMap((space) => (space && this.targetOf(space)) ?? []);
    return [...new Set(targets)].map(plainSpace);
  }

  /** Makes sure of a write's picture; answers what the shard is to keep. */
  async store({ id, fields, picture, ifVersion }: ItemWrite): Promise<ShardWrite> {
    const image = picture && (await this.pictures.admit(picture));
    return { id, fields, ...(image && { image }), ...(ifVersion !== undefined && { ifVersion }) };
  }
}

function added(a: Record<ItemStatus, number>, b: Record<ItemStatus, number>): Record<ItemStatus, number> {
  return {
    pending: a.pending + b.pending,
    embedded: a.embedded + b.embedded,
    failed: a.failed + b.failed,
  };
}

function isSameSpace(a: Space, b: Space): boolean {
  return a.model === b.model && a.revision === b.revision;
}

/** A space and nothing else: whatever more a caller's object has would go along with every call to a shard. */
function plainSpace({ model, revision, dimensions }: Space): Space {
  return { model, revision, ...(dimensions !== undefined && { dimensions }) };
}

/** @throws what a write's outcome means, unless it is well */
export function accepted(id: string, outcome: WriteOutcome): WriteResult {
  if (outcome.ok) return { id, version: outcome.version, created: outcome.created, changed: outcome.changed };
  if (outcome.why === "version") throw new VersionConflictError(id, outcome.version);
  if (outcome.why === "picture-missing") throw new PictureMissingError(id);
  throw new ShardFullError(MAX_ITEMS_PER_SHARD);
}
