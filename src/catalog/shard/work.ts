/** Embedding work of a shard: taking it, finishing it, failing it. Each for use inside a transaction. */
import { signCode } from "../../vision/unified-embedding.ts";
import { DIMENSIONS } from "../vector-index.ts";
import { samePicture } from "./item-store.ts";
import type { Claim, Embedded, Failure } from "./protocol.ts";
import { CLAIM_FOR, retryDelay } from "./schedule.ts";
import type { Tables } from "./writer.ts";

/** Longest reason that is kept: a sentence for people, not a log. */
export const MAX_REASON_LENGTH = 300;

/** Which of these items wait and are nobody else's: they are the caller's for {@link CLAIM_FOR}. */
export function claimWork(space: number, ids: readonly string[], tables: Tables, now: number): Claim[] {
  return ids.flatMap((id) => {
    const item = tables.items.find(id);
    const mine = item && tables.embeddings.claim(space, item.key, now, now + CLAIM_FOR);
    return mine ? [{ id, image: item.image }] : [];
  });
}

/** The keys of items whose vectors were written: not of those that are gone or have another picture by now. */
export function finishWork(space: number, results: readonly Embedded[], tables: Tables): Map<string, number> {
  const written = new Map<string, number>();
  const codes = results.flatMap(({ id, image, vector, fetched }) => {
    if (vector.length !== DIMENSIONS)
      throw new RangeError(`a vector has ${DIMENSIONS} components, not ${vector.length}`);
    const item = tables.items.find(id);
    if (!item || !samePicture(item.image, image)) return [];
    if (fetched) tables.items.describePicture(item.key, { ...item.image, ...fetched });
    tables.embeddings.embedded(space, item.key, vector);
    written.set(id, item.key);
    return [{ key: item.key, code: signCode(vector) }];
  });
  tables.writeCodes(space, codes);
  return written;
}

/** Notes what went wrong; items that may still work are tried again later. */
export function failWork(space: number, failures: readonly Failure[], tables: Tables, now: number): void {
  for (const { id, image, reason, permanent } of failures) {
    const item = tables.items.find(id);
    if (!item || !samePicture(item.image, image)) continue;
    const delay = permanent ? undefined : retryDelay(tables.embeddings.attemptsOf(space, item.key) + 1);
    const retryAt = delay === undefined ? undefined : now + delay;
    tables.embeddings.failed(space, item.key, reason.slice(0, MAX_REASON_LENGTH), retryAt);
  }
}
