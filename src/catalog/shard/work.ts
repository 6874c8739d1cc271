/** Embedding work of a shard: taking it, finishing it, failing it. Each for use inside a transaction. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import { canonical } from "../canonical.ts";
import { codeOf } from "../code.ts";
import { wordsOf } from "../item-words.ts";
import { lookOf } from "../look-category.ts";
import type { KeyedCode } from "./code-store.ts";
import { samePicture } from "./item-store.ts";
import type { Claim, Embedded, Failure } from "./protocol.ts";
import { CLAIM_FOR, retryDelay } from "./schedule.ts";
import type { Tables } from "./writer.ts";

/** Longest reason that is kept: a sentence for people, not a log. */
export const MAX_REASON_LENGTH = 300;

/** Numbers of the spaces that items are embedded into. */
export interface SpaceNumbers {
  readonly space: number;
  readonly companion: number | undefined;
  /** Of pictures and words together. */
  readonly item?: number | undefined;
}

/**
 * Which of these items wait and are nobody else's: they are the caller's for {@link CLAIM_FOR}, in both spaces where
 * they wait in both, so that one look at the picture serves both.
 */
export function claimWork(
  { space, companion }: SpaceNumbers,
  ids: readonly string[],
  tables: Tables,
  now: number,
): Claim[] {
  return ids.flatMap((id) => {
    const item = tables.items.find(id);
    if (!item) return [];
    const take = (one: number) => tables.embeddings.claim(one, item.key, now, now + CLAIM_FOR);
    const wanted = { vector: take(space), companion: companion !== undefined && take(companion) };
    const words = wordsOf(item.fields);
    return wanted.vector || wanted.companion ? [{ id, image: item.image, wanted, words }] : [];
  });
}

/** An item whose vectors were written. */
export interface Finished {
  readonly key: number;
  readonly vector: KeyedCode | undefined;
  readonly companion: KeyedCode | undefined;
}

/**
 * Writes vectors and codes of both spaces; answers what was written by id: nothing for items that are gone or have
 * another picture by now.
 * @param looks look categories that items' words may name: looked for again, since they may be others by now
 * @throws RangeError for a vector that is not as long as its space's
 */
export function finishWork(
  { space, companion }: SpaceNumbers,
  results: readonly Embedded[],
  looks: readonly string[],
  tables: Tables,
): Map<string, Finished> {
  const written = new Map<string, Finished>();
  const { items, embeddings } = tables;
  for (const result of results) {
    check(result.vector, space, tables);
    check(result.companion, companion, tables);
    const item = items.find(result.id);
    if (!item || !samePicture(item.image, result.image)) continue;
    if (result.words && canonical(result.words) !== canonical(wordsOf(item.fields))) continue;
    const { key } = item;
    if (result.fetched) items.describePicture(key, { ...item.image, ...result.fetched });
    const look = lookOf(item.fields, looks);
    if (look !== item.look) items.setLook(key, look);
    if (result.vector) embeddings.embedded(space, key, result.vector, result.look);
    if (result.companion) embeddings.embedded(companion!, key, result.companion);
    written.set(result.id, {
      key,
      vector: result.vector && { key, code: codeOf(result.vector) },
      companion: result.companion && { key, code: codeOf(result.companion) },
    });
  }
  const all = [...written.values()];
  tables.writeCodes(
    space,
    all.flatMap(({ vector }) => vector ?? []),
  );
  if (companion !== undefined) {
    tables.writeCodes(
      companion,
      all.flatMap((one) => one.companion ?? []),
    );
  }
  return written;
}

function check(vector: Embedding | undefined, space: number | undefined, { embeddings }: Tables): void {
  if (!vector) return;
  if (space === undefined) throw new RangeError("there is no companion space");
  const dimensions = embeddings.dimensionsOf(space);
  if (vector.length !== dimensions)
    throw new RangeError(`a vector has ${dimensions} components, not ${vector.length}`);
}

/** Notes what went wrong; items that may still work are tried again later. */
export function failWork(
  { space, companion }: SpaceNumbers,
  failures: readonly Failure[],
  tables: Tables,
  now: number,
): void {
  const { items, embeddings } = tables;
  for (const {
    id,
    image,
    words,
    reason,
    permanent,
    wanted = { vector: true, companion: false },
  } of failures) {
    const item = items.find(id);
    if (!item || !samePicture(item.image, image)) continue;
    if (words && canonical(words) !== canonical(wordsOf(item.fields))) continue;
    const tried = [wanted.vector ? space : undefined, wanted.companion ? companion : undefined];
    for (const one of tried) {
      if (one === undefined) continue;
      const delay = permanent ? undefined : retryDelay(embeddings.attemptsOf(one, item.key) + 1);
      const retryAt = delay === undefined ? undefined : now + delay;
      embeddings.failed(one, item.key, reason.slice(0, MAX_REASON_LENGTH), retryAt);
    }
  }
}
