/** One shard of the catalogue: a Durable Object with its items in SQLite and their codes in memory. */
import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState, Queue } from "@cloudflare/workers-types";
import type { Embedding } from "../../vision/unified-embedding.ts";
import { codeBytesOf } from "../code.ts";
import type { Item } from "../item.ts";
import { DIMENSIONS, type Hit } from "../vector-index.ts";
import { chunkOf, writeCodes } from "./code-store.ts";
import { EmbeddingStore } from "./embedding-store.ts";
import { ItemStore } from "./item-store.ts";
import { ShardMemory } from "./memory.ts";
import { type EmbeddingMessage, messagesOf } from "./messages.ts";
import { type ActionCount, PopularityStore } from "./popularity-store.ts";
import type {
  CategoryCount,
  Claim,
  Completeness,
  DeleteOutcome,
  Embedded,
  EmbeddingTarget,
  Failure,
  Likeness,
  ListQuery,
  NearDuplicate,
  Neighbour,
  Role,
  ShardPage,
  ShardQuery,
  ShardStats,
  ShardWrite,
  Space,
  Starters,
  VectorList,
  WriteOutcome,
} from "./protocol.ts";
import { BACKLOG_AT_ONCE, ITEMS_PER_ALARM, LOST_AFTER, MESSAGES_PER_BATCH, resendDelay } from "./schedule.ts";
import { migrate } from "./schema.ts";
import { type DuplicateLimits, findDuplicates, nearestOf, searchShard } from "./shard-index.ts";
import { WordIndex } from "./word-index.ts";
import { claimWork, failWork, finishWork, type SpaceNumbers } from "./work.ts";
import { deleteItem, type Tables, writeItem } from "./writer.ts";

export interface ShardBindings {
  /** Where the shard reports items that wait too long. */
  readonly EMBEDDING_QUEUE?: Queue<EmbeddingMessage>;
}

/**
 * Every method that writes does so in one transaction, and its answer leaves the object only when the transaction
 * is on disk: output gates hold it back, and nothing here opens them (`allowUnconfirmed` is never used). What was
 * answered survives the death of the process.
 *
 * Methods expect valid arguments: `Catalog` checks what comes from outside.
 */
export class CatalogShard extends DurableObject<ShardBindings> {
  readonly #memory: ShardMemory;
  readonly #tables: Tables;

  constructor(ctx: DurableObjectState, env: ShardBindings) {
    super(ctx, env);
    migrate(ctx.storage);
    const { sql } = ctx.storage;
    this.#memory = new ShardMemory(sql);
    this.#tables = {
      items: new ItemStore(sql),
      embeddings: new EmbeddingStore(sql),
      words: new WordIndex(sql),
      popularity: new PopularityStore(sql),
      writeCodes: (space, changes) => writeCodes(sql, space, changes),
    };
    ctx.storage.transactionSync(() => this.#tables.words.fill());
    // A process that died between a write and its alarm left items that nobody would wake.
    ctx.blockConcurrencyWhile(async () => {
      await this.#wakeWhenDue();
      const { embeddings } = this.#tables;
      if (embeddings.spaces().some((space) => embeddings.hasBacklog(space))) await this.#wakeAt(Date.now());
    });
  }

  /** Writes items in the order given; answers in the same order. Embeddings are due in `target` and all known spaces. */
  async put(writes: readonly ShardWrite[], target: EmbeddingTarget): Promise<WriteOutcome[]> {
    const now = Date.now();
    this.#numbersOf(target);
    const context = { tables: this.#tables, looks: target.looks ?? [], now, dueAt: now + LOST_AFTER };
    const written = this.#write(() => writes.map((write) => writeItem(write, context)));
    for (const [at, { key, outcome, newPicture }] of written.entries()) {
      if (key === undefined || !outcome.ok) continue;
      if (newPicture) this.#memory.deleteItem(key);
      if (outcome.changed) this.#memory.setFields(key, writes[at]!.fields);
      this.#memory.refreshLook(key);
    }
    if (written.some(({ outcome }) => outcome.ok && outcome.pending)) await this.#wakeAt(now + LOST_AFTER);
    return written.map(({ outcome }) => outcome);
  }

  async delete(id: string, ifVersion?: number): Promise<DeleteOutcome> {
    const { outcome, key } = this.#write(() => deleteItem(id, ifVersion, this.#tables));
    if (key !== undefined) this.#memory.deleteItem(key);
    return outcome;
  }

  /** Items in the order of the ids; nothing where there is none. */
  async get(ids: readonly string[], target: EmbeddingTarget): Promise<(Item | undefined)[]> {
    const numbers = this.#numbersOf(target);
    return ids.map((id) => this.#tables.items.get(id, numbers));
  }

  async list(query: ListQuery, target: EmbeddingTarget): Promise<ShardPage> {
    return this.#tables.items.list(query, this.#numbersOf(target));
  }

  /**
   * @param gate the space whose look categories `query.looks` means
   * @throws {InvalidQueryError}
   */
  async search(query: ShardQuery, space: Space, gate: Space = space): Promise<Hit[]> {
    return searchShard(query, await this.#sources(space, gate));
  }

  /** For every vector the items nearest to it, `limit` at most, with their vectors, without those to exclude. */
  async neighbours(
    vectors: readonly Embedding[],
    limit: number,
    exclude: readonly string[],
    space: Space,
  ): Promise<Neighbour[][]> {
    return nearestOf(vectors, limit, exclude, await this.#sources(space));
  }

  /** Items to begin with, `limit` at most of each kind, without those to exclude. */
  async starters(limit: number, exclude: readonly string[]): Promise<Starters> {
    return this.#tables.popularity.starters(limit, exclude);
  }

  /** Adds to the popularity of items; of those that are not here, nothing is kept. */
  async countActions(counts: readonly ActionCount[]): Promise<void> {
    this.#write(() => this.#tables.popularity.add(counts));
  }

  /** An item's picture and vector, to search by; nothing when there is no such item. */
  async likeness(id: string, space: Space): Promise<Likeness | undefined> {
    const item = this.#tables.items.find(id);
    if (!item) return undefined;
    return {
      id,
      sha256: item.image.sha256,
      vector: this.#tables.embeddings.vector(this.#numberOf(space), item.key),
    };
  }

  /** Vectors in the order of the ids; nothing where there is none. */
  async vectors(ids: readonly string[], space: Space): Promise<(Embedding | undefined)[]> {
    const found = await Promise.all(ids.map((id) => this.likeness(id, space)));
    return found.map((likeness) => likeness?.vector);
  }

  /** Vectors of the items whose ids come after `after`, `limit` at most, in the order of their ids. */
  async listVectors(after: string, limit: number, space: Space): Promise<VectorList> {
    return this.#tables.embeddings.listVectors(this.#numberOf(space), after, limit);
  }

  /** Another number after every change of a space's vectors. */
  async vectorChanges(space: Space): Promise<number> {
    return this.#tables.embeddings.changesOf(this.#numberOf(space));
  }

  /** For every picture the items of this shard that look nearly the same, the most alike first. */
  async duplicates(
    of: readonly Likeness[],
    limits: DuplicateLimits,
    space: Space,
  ): Promise<NearDuplicate[][]> {
    const sources = await this.#sources(space);
    return of.map((likeness) => findDuplicates(likeness, limits, sources));
  }

  /** Takes those of the items that wait to be embedded; others that ask get nothing until the claim ends. */
  async claim(ids: readonly string[], target: EmbeddingTarget): Promise<Claim[]> {
    const numbers = this.#numbersOf(target);
    return this.#write(() => claimWork(numbers, ids, this.#tables, Date.now()));
  }

  /** Keeps vectors, those of both spaces in one transaction; answers the ids of items that took theirs. */
  async finish(results: readonly Embedded[], target: EmbeddingTarget): Promise<string[]> {
    const numbers = this.#numbersOf(target);
    const written = this.#write(() => finishWork(numbers, results, target.looks ?? [], this.#tables));
    for (const { key, vector, companion } of written.values()) {
      if (vector) this.#memory.setCode(numbers.space, vector);
      if (companion) this.#memory.setCode(numbers.companion!, companion);
      this.#memory.refreshLook(key);
    }
    await this.#goOn(numbers);
    return [...written.keys()];
  }

  async fail(failures: readonly Failure[], target: EmbeddingTarget): Promise<void> {
    const now = Date.now();
    const numbers = this.#numbersOf(target);
    this.#write(() => failWork(numbers, failures, this.#tables, now));
    await this.#wakeWhenDue();
    await this.#goOn(numbers);
  }

  /**
   * How far each of these spaces is. None is added but those of `target`; where there are no items at all, all are
   * complete.
   */
  async completeness(spaces: readonly Space[], target: EmbeddingTarget): Promise<Completeness[]> {
    this.#numbersOf(target);
    const { items, embeddings } = this.#tables;
    const now = Date.now();
    const empty = items.isEmpty();
    return this.#write(() =>
      spaces.map((space) => {
        const known = embeddings.findSpace(space);
        if (!known) return empty ? "complete" : "unknown";
        return embeddings.isComplete(known.space, now) ? "complete" : "filling";
      }),
    );
  }

  /** Sends failed items to be embedded again: these, or up to `limit` of all in each space; answers how many. */
  async retry(
    ids: readonly string[] | "all",
    limit: number,
    targets: readonly EmbeddingTarget[],
  ): Promise<number> {
    const { items, embeddings } = this.#tables;
    const keys = ids === "all" ? ids : ids.flatMap((id) => items.find(id)?.key ?? []);
    const now = Date.now();
    const numbers = targets.map((target) => this.#numbersOf(target));
    const spaces = new Set(numbers.flatMap(({ space, companion, item }) => [space, companion, item]));
    const waiting = this.#write(() =>
      [...spaces].flatMap((one) => (one === undefined ? [] : embeddings.retry(one, keys, limit, now))),
    );
    if (waiting.length > 0) await this.#wakeAt(now);
    return new Set(waiting).size;
  }

  async stats(target: EmbeddingTarget): Promise<ShardStats> {
    const { items, embeddings } = this.#tables;
    const { space, companion, item } = this.#numbersOf(target);
    return {
      items: items.count(),
      ...embeddings.counts(space),
      ...(companion !== undefined && { companion: embeddings.counts(companion) }),
      ...(item !== undefined && { item: embeddings.counts(item) }),
      storageBytes: this.ctx.storage.sql.databaseSize,
      memoryBytes: this.#memory.bytes,
    };
  }

  /** Counted anew each time: a scan of the items. */
  async categories(): Promise<CategoryCount[]> {
    return this.#tables.items.categories();
  }

  /** Forgets all vectors of a model's revision. */
  async removeSpace(space: Space): Promise<void> {
    const { embeddings } = this.#tables;
    const number = embeddings.findSpace(space)?.space;
    if (number === undefined) return;
    this.#write(() => embeddings.removeSpace(number, chunkOf));
    this.#memory.deleteSpace(number);
  }

  /**
   * Puts items into the queue whose message or worker was lost, or whose next attempt is due, and as many of each
   * space's backlog as may be under way.
   */
  override async alarm(): Promise<void> {
    const { items, embeddings } = this.#tables;
    const now = Date.now();
    const started = this.#write(() =>
      embeddings
        .spaces()
        .flatMap((space) => embeddings.startBacklog(space, BACKLOG_AT_ONCE, now + LOST_AFTER)),
    );
    const lost = embeddings.due(now, ITEMS_PER_ALARM);
    const due = [...lost, ...started];
    const ids = items.idsOf(due.map(({ key }) => key));
    const batch = embeddings.spaces().flatMap((space) => {
      const waiting = due.flatMap((one) => (one.space === space ? (ids.get(one.key) ?? []) : []));
      return messagesOf(waiting, embeddings.spaceName(space)).map((body) => ({ body }));
    });
    for (let at = 0; at < batch.length; at += MESSAGES_PER_BATCH) {
      await this.env.EMBEDDING_QUEUE?.sendBatch(batch.slice(at, at + MESSAGES_PER_BATCH));
    }
    this.#write(() => {
      for (const one of lost) embeddings.postpone(one, now + resendDelay(embeddings.noteSend(one)));
    });
    await this.#wakeWhenDue();
  }

  #write<Result>(change: () => Result): Result {
    return this.ctx.storage.transactionSync(change);
  }

  #numbersOf({ role = "picture", companion, item, ...space }: EmbeddingTarget): SpaceNumbers {
    return {
      space: this.#numberOf(space, role),
      companion: companion && this.#numberOf(companion, "look"),
      item: item && this.#numberOf(item, "item"),
    };
  }

  /** Sees to it that the next of a backlog come when some are done. */
  async #goOn({ space, companion }: SpaceNumbers): Promise<void> {
    const { embeddings } = this.#tables;
    const more = [space, companion].some((one) => one !== undefined && embeddings.hasBacklog(one));
    if (more) await this.#wakeAt(Date.now());
  }

  /**
   * The number of a space. One that the shard has never heard of is added, and all items become its backlog.
   * @throws RangeError for vectors of a length that cannot be, or is not the one that the space has had
   */
  #numberOf(space: Space, role?: Role): number {
    const { embeddings } = this.#tables;
    const known = embeddings.findSpace(space);
    const { model, revision, dimensions = DIMENSIONS } = space;
    if (known) {
      if (role && known.role === null) embeddings.noteRole(known.space, role);
      if (known.dimensions === dimensions) return known.space;
      throw new RangeError(
        `${model}@${revision} has vectors of ${known.dimensions} components, not ${dimensions}`,
      );
    }
    codeBytesOf(dimensions);
    const added = this.#write(() => embeddings.addSpace(space, role));
    if (embeddings.hasBacklog(added)) this.ctx.waitUntil(this.#wakeAt(Date.now()));
    return added;
  }

  async #sources(space: Space, gate: Space = space) {
    const number = this.#numberOf(space);
    const gateNumber = gate === space ? number : this.#numberOf(gate);
    const { items, embeddings, words } = this.#tables;
    const dimensions = embeddings.dimensionsOf(number);
    return {
      space: number,
      dimensions,
      codes: await this.#memory.codes(number, codeBytesOf(dimensions)),
      items,
      embeddings,
      words,
      facets: this.#memory.facets,
      looks: () => this.#memory.looks(gateNumber),
    };
  }

  async #wakeWhenDue(): Promise<void> {
    const next = this.#tables.embeddings.nextDue();
    if (next !== undefined) await this.#wakeAt(next);
  }

  /** Sees to it that the alarm rings then or before. */
  async #wakeAt(time: number): Promise<void> {
    const { storage } = this.ctx;
    const set = await storage.getAlarm();
    if (set === null || set > time) await storage.setAlarm(time);
  }
}
