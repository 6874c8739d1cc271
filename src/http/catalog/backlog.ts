/** Writes are refused while too many items wait to be embedded: what is taken must be done some day. */
import type { Catalog } from "../../catalog/catalog.ts";
import { Problem } from "../../problem.ts";
import { BACKLOG_KNOWN_FOR_MS, BACKLOG_RETRY_SECONDS, MAX_PENDING_ITEMS } from "./limits.ts";

/** The queue is full. */
export class BacklogFullError extends Problem {
  constructor(pending: number) {
    super({
      status: 503,
      code: "backlog-full",
      title: "Too many items wait to be embedded",
      detail: `${pending} items wait to be embedded; no more are taken before some are done.`,
      hint: "Send the same items again after the stated time.",
      retryAfter: BACKLOG_RETRY_SECONDS,
    });
  }
}

export class Backlog {
  readonly #catalog: Pick<Catalog, "stats">;
  readonly #max: number;
  #known: { readonly pending: Promise<number>; readonly since: number } | undefined;

  constructor(catalog: Pick<Catalog, "stats">, max: number = MAX_PENDING_ITEMS) {
    this.#catalog = catalog;
    this.#max = max;
  }

  /** @throws {BacklogFullError} {CatalogUnavailableError} */
  async check(): Promise<void> {
    const pending = await this.#pending();
    if (pending >= this.#max) throw new BacklogFullError(pending);
  }

  async #pending(): Promise<number> {
    const now = Date.now();
    if (!this.#known || now - this.#known.since >= BACKLOG_KNOWN_FOR_MS) {
      const pending = this.#catalog.stats().then((stats) => stats.pending);
      this.#known = { pending, since: now };
      pending.catch(() => {
        this.#known = undefined;
      });
    }
    return this.#known.pending;
  }
}
