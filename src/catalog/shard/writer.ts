/** Writes of items: what a write changes in the tables, and what it leaves alone. */
import { canonical } from "../canonical.ts";
import type { ItemImage } from "../item.ts";
import { wordsOf } from "../item-words.ts";
import { lookOf } from "../look-category.ts";
import type { KeyedCode } from "./code-store.ts";
import type { EmbeddingStore } from "./embedding-store.ts";
import { type ItemStore, type StoredItem, samePicture } from "./item-store.ts";
import type { PopularityStore } from "./popularity-store.ts";
import type { DeleteOutcome, ShardWrite, WriteOutcome } from "./protocol.ts";
import type { WordIndex } from "./word-index.ts";

/** Codes and facets of so many take 70 MB of the 128 that an isolate has. Deploy more shards before that. */
export const MAX_ITEMS_PER_SHARD = 1_000_000;

export interface Tables {
  readonly items: ItemStore;
  readonly embeddings: EmbeddingStore;
  readonly words: WordIndex;
  readonly popularity: PopularityStore;
  readonly writeCodes: (space: number, changes: readonly KeyedCode[]) => void;
}

/** A write's answer, and what memory has to follow. */
export interface Written<Outcome> {
  readonly outcome: Outcome;
  readonly key?: number;
  /** The picture is another one: its codes are gone from every space. */
  readonly newPicture?: boolean;
}

/** What a write is done with. */
export interface WriteContext {
  readonly tables: Tables;
  /** Look categories that an item's words may name. */
  readonly looks: readonly string[];
  /** In ms since 1970. */
  readonly now: number;
  /** When to ask again for an item that waits to be embedded. */
  readonly dueAt: number;
}

/** Adds or changes one item. The same write again changes nothing. For use inside a transaction. */
export function writeItem(write: ShardWrite, context: WriteContext): Written<WriteOutcome> {
  const { tables } = context;
  const present = tables.items.find(write.id);
  const version = present?.version ?? 0;
  if (write.ifVersion !== undefined && write.ifVersion !== version) {
    return { outcome: { ok: false, why: "version", version } };
  }
  return present ? change(present, write, context) : create(write, context);
}

function create(write: ShardWrite, { tables, looks, now, dueAt }: WriteContext): Written<WriteOutcome> {
  const { items, embeddings } = tables;
  if (!write.image) return { outcome: { ok: false, why: "picture-missing" } };
  if (items.isFull(MAX_ITEMS_PER_SHARD)) return { outcome: { ok: false, why: "full" } };
  const key = items.insert(write, write.image, lookOf(write.fields, looks), now);
  tables.words.set(key, write.fields);
  for (const space of embeddings.spaces()) embeddings.await(space, key, dueAt);
  return { outcome: { ok: true, version: 1, created: true, changed: true, pending: true }, key };
}

function change(
  { key, fields, image, version, look }: StoredItem,
  write: ShardWrite,
  { tables, looks, now, dueAt }: WriteContext,
): Written<WriteOutcome> {
  const nextLook = lookOf(write.fields, looks);
  if (nextLook !== look) tables.items.setLook(key, nextLook);
  const newPicture = write.image !== undefined && !samePicture(write.image, image);
  const nextImage: ItemImage = newPicture ? write.image! : { ...image, ...write.image };
  if (canonical([fields, image]) === canonical([write.fields, nextImage])) {
    return { outcome: { ok: true, version, created: false, changed: false, pending: false }, key };
  }
  tables.items.update(key, write.fields, nextImage, now);
  if (newPicture) {
    for (const space of tables.embeddings.spaces()) {
      tables.embeddings.await(space, key, dueAt);
      tables.writeCodes(space, [{ key, code: undefined }]);
    }
  }
  const newWords = canonical(wordsOf(fields)) !== canonical(wordsOf(write.fields));
  if (newWords) tables.words.set(key, write.fields);
  const worded = newWords ? tables.embeddings.spacesFor("item") : [];
  // Until it has another vector it is found by what it said before.
  if (!newPicture) for (const space of worded) tables.embeddings.renew(space, key, dueAt);
  const outcome = {
    ok: true,
    version: version + 1,
    created: false,
    changed: true,
    pending: newPicture || worded.length > 0,
  } as const;
  return { outcome, key, newPicture };
}

/** Removes one item and all that belongs to it. For use inside a transaction. */
export function deleteItem(
  id: string,
  ifVersion: number | undefined,
  tables: Tables,
): Written<DeleteOutcome> {
  const present = tables.items.find(id);
  const version = present?.version ?? 0;
  if (ifVersion !== undefined && ifVersion !== version) {
    return { outcome: { ok: false, why: "version", version } };
  }
  if (!present) return { outcome: { ok: true, existed: false } };
  const { key } = present;
  for (const space of tables.embeddings.spaces()) {
    tables.writeCodes(space, [{ key, code: undefined }]);
    tables.embeddings.delete(space, key);
  }
  tables.words.delete(key);
  tables.popularity.delete(key);
  tables.items.delete(key);
  return { outcome: { ok: true, existed: true }, key };
}
