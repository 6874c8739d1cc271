/** Sends what was found, and keeps count. */
import type { BatchItem, Corkboard } from "../../client/index.ts";
import type { Journal } from "./journal.ts";
import type { Found, Listing } from "./source.ts";

export interface IngestOptions {
  /** Items of one request. */
  readonly size: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Ends after what is under way. */
  readonly stop: AbortSignal;
  readonly advance: () => void;
  /** Told of everything that did not become an item. */
  readonly failed: (what: string, reason: string) => void;
}

export interface Summary {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly failed: number;
  /** Acknowledged in an earlier run. */
  readonly skipped: number;
  /** Found, and not sent because the run was stopped. */
  readonly left: number;
}

/** @throws when the server cannot be reached any more, or takes no key; what was acknowledged is in the journal */
export async function ingest(
  corkboard: Corkboard,
  { found, unusable }: Listing,
  journal: Journal,
  options: IngestOptions,
): Promise<Summary> {
  const { size, concurrency, stop, advance } = options;
  const count = { created: 0, changed: 0, unchanged: 0, failed: 0 };
  const fail = (what: string, reason: string) => {
    count.failed += 1;
    options.failed(what, reason);
  };
  for (const { where, reason } of unusable) fail(where, reason);
  const fresh = found.filter(({ id, fingerprint }) => !journal.has(id, fingerprint));
  const sent: Found[] = [];

  async function* items(): AsyncGenerator<BatchItem> {
    for (const one of fresh) {
      if (stop.aborted) return;
      try {
        const item = await one.load();
        sent.push(one);
        yield item;
      } catch (error) {
        fail(one.id, error instanceof Error ? error.message : String(error));
        advance();
      }
    }
  }

  for await (const result of corkboard.items.batch(items(), { size, concurrency })) {
    if (result.ok) {
      await journal.add(result.id, sent[result.index]!.fingerprint);
      count[result.created ? "created" : result.changed ? "changed" : "unchanged"] += 1;
    } else fail(result.id, `${result.problem.detail} ${result.problem.hint ?? ""}`.trim());
    advance();
  }
  const seen = count.created + count.changed + count.unchanged + count.failed - unusable.length;
  return { ...count, skipped: found.length - fresh.length, left: fresh.length - seen };
}
