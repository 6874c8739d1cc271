/** Pulls the vectors of all items from Corkboard's API: `GET /v1/item-vectors`, page by page. */
import { readBody } from "../inference/body.ts";
import { reasonOf } from "../runtime/errors.ts";
import { ItemTableError } from "./item-table.ts";
import { decodeVectorPage, MAX_PAGE_BYTES, type VectorPage } from "./vector-page.ts";

/** Milliseconds for one page, its body included. */
export const PAGE_TIMEOUT_MS = 30_000;
/** Tries of one page, each after twice as long as the one before. */
export const PAGE_TRIES = 5;
export const FIRST_RETRY_MS = 500;
/** Pages of one table: ones of 100 items would still be 10 million. */
export const MAX_PAGES = 100_000;

export interface TableSourceOptions {
  /** Of the API, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** API key with the scope `read`, or the admin token. @default none, for local development */
  readonly key?: string | undefined;
  /** @default the global `fetch` */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** @default PAGE_TIMEOUT_MS */
  readonly timeoutMs?: number | undefined;
  /** @default FIRST_RETRY_MS */
  readonly retryMs?: number | undefined;
  /** Aborts what is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Told why a page is asked for again. */
  readonly onRetry?: ((reason: string) => void) | undefined;
}

export interface PulledTable {
  /** Names this state of the vectors: `known` of the next pull. */
  readonly revision: string;
  readonly pages: AsyncIterable<VectorPage>;
}

export class TableSource {
  readonly #options: TableSourceOptions;

  constructor(options: TableSourceOptions) {
    this.#options = options;
  }

  /**
   * Begins to pull, unless the vectors are those of `known`.
   * @returns nothing when they are
   * @throws {ItemTableError} when the API cannot be reached or answers something else
   */
  async pull(known?: string): Promise<PulledTable | undefined> {
    const response = await this.#get(undefined, known);
    if (response.status === 304) return undefined;
    const { etag } = response;
    if (!etag) throw new ItemTableError("the catalogue's first page has no etag");
    return { revision: etag, pages: this.#pages(response) };
  }

  async *#pages(first: Answer): AsyncGenerator<VectorPage> {
    let page = decodeVectorPage(first.body);
    const cursors = new Set<string>();
    for (;;) {
      yield page;
      if (page.next === undefined) return;
      if (cursors.has(page.next) || cursors.size === MAX_PAGES) {
        throw new ItemTableError("the catalogue's pages come to no end");
      }
      cursors.add(page.next);
      page = decodeVectorPage((await this.#get(page.next)).body);
    }
  }

  async #get(cursor?: string, known?: string): Promise<Answer> {
    const { retryMs = FIRST_RETRY_MS, signal, onRetry } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(cursor, known);
      } catch (error) {
        signal?.throwIfAborted();
        const refused = error instanceof ItemTableError;
        if (refused || attempt === PAGE_TRIES) {
          throw refused ? error : new ItemTableError(`the catalogue does not answer: ${reasonOf(error)}`);
        }
        onRetry?.(reasonOf(error));
        await sleep(retryMs * 2 ** (attempt - 1), signal);
      }
    }
  }

  async #once(cursor: string | undefined, known: string | undefined): Promise<Answer> {
    const { url, key, fetch: send = fetch, timeoutMs = PAGE_TIMEOUT_MS, signal } = this.#options;
    const address = new URL("/v1/item-vectors", url);
    if (cursor !== undefined) address.searchParams.set("cursor", cursor);
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await send(address.href, {
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(known !== undefined && { "if-none-match": known }),
      },
      // A key goes to no other place.
      redirect: "error",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const { status } = response;
    const body = await readBody(response, MAX_PAGE_BYTES);
    if (status === 200 || (status === 304 && known !== undefined)) {
      return { status, body, etag: response.headers.get("etag") ?? undefined };
    }
    const refusal = `the catalogue answered ${status}${status === 401 ? ": set ORIGIN_CATALOG_KEY" : ""}`;
    throw status === 429 || status >= 500 ? new Error(refusal) : new ItemTableError(refusal);
  }
}

interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly etag: string | undefined;
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
