/** One request, with its retries. */
import { ConnectionError, errorOf, ProblemError } from "./errors.ts";
import { mayRetry, sleep, waitAfter } from "./retry.ts";

export interface TransportOptions {
  /** Where the API is, such as `https://corkboard.example`. In a browser, default: where the page is. */
  readonly baseUrl?: string | URL;
  /** `ck_…`, or the admin token. Never put one with the scope `write` into a page. */
  readonly key?: string | undefined;
  /** Times that a request is sent again. @default 4 */
  readonly retries?: number;
  /** Milliseconds of one attempt, until its answer begins. @default 60,000 */
  readonly timeout?: number;
  /** @default the global one */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export interface CallOptions {
  /** Ends the call, waits between retries included. */
  readonly signal?: AbortSignal | undefined;
}

export interface Call extends CallOptions {
  readonly method?: string;
  readonly path: string;
  readonly query?: object;
  /** Sent as JSON, unless it is a form or text. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Doing it twice is the same as doing it once. @default true */
  readonly repeatable?: boolean;
}

const DEFAULT_RETRIES = 4;
const DEFAULT_TIMEOUT = 60_000;

export class Transport {
  readonly baseUrl: string;
  readonly retries: number;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    const { baseUrl = (globalThis as { location?: { origin: string } }).location?.origin } = options;
    if (baseUrl === undefined) throw new TypeError("Corkboard needs a baseUrl here.");
    this.baseUrl = String(baseUrl).replace(/\/+$/, "");
    this.retries = options.retries ?? DEFAULT_RETRIES;
    this.#options = options;
  }

  /** @throws {ProblemError} {ConnectionError}, or the signal's reason */
  async json<Answer>(call: Call): Promise<Answer> {
    return (await this.send(call)).json() as Promise<Answer>;
  }

  /** The answer, when it is one of success. @throws as `json` */
  async send(call: Call): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.#attempt(call);
        if (response.ok) return response;
        throw await errorOf(response);
      } catch (error) {
        call.signal?.throwIfAborted();
        if (attempt > this.retries || !mayRetry(error, call.repeatable ?? true)) throw error;
        const retryAfter = error instanceof ProblemError ? error.retryAfter : undefined;
        await sleep(waitAfter(attempt, retryAfter), call.signal);
      }
    }
  }

  async #attempt({ method = "GET", path, query, body, headers, signal }: Call): Promise<Response> {
    const { key, timeout = DEFAULT_TIMEOUT, fetch: send = fetch } = this.#options;
    const plain = body === undefined || typeof body === "string" || body instanceof FormData;
    const init: RequestInit = {
      method,
      headers: {
        ...(!plain && { "content-type": "application/json" }),
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...headers,
      },
      ...(body !== undefined && { body: plain ? (body as string | FormData) : JSON.stringify(body) }),
    };
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeout);
    const all = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    try {
      return await send(this.baseUrl + path + queryOf(query), { ...init, signal: all });
    } catch (error) {
      const what = late.signal.aborted ? `did not answer within ${timeout} ms` : "cannot be reached";
      throw new ConnectionError(`${this.baseUrl} ${what}.`, error);
    } finally {
      clearTimeout(timer);
    }
  }
}

function queryOf(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ""
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
