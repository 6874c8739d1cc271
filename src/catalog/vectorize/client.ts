/** Calls to Vectorize's HTTP API (v2): https://developers.cloudflare.com/api/resources/vectorize/. */
import { z } from "zod";
import { Problem } from "../../problem.ts";

export interface VectorizeClientOptions {
  readonly accountId: string;
  /** Needs the permission to edit Vectorize. */
  readonly apiToken: string;
  readonly indexName: string;
  /** @default Cloudflare's */
  readonly baseUrl?: string;
  /** @default the global one */
  readonly fetch?: typeof fetch;
  /** Milliseconds before the first repetition of a call, doubling. @default 250 */
  readonly retryDelay?: number;
}

const CLOUDFLARE = "https://api.cloudflare.com/client/v4";

/** The API allows 1,200 calls in five minutes, then says 429; the others pass by themselves. */
const PASSING_STATUSES = new Set([429, 500, 502, 503, 504]);

/** Calls in all; a fourth time would make a search wait for seconds. */
const ATTEMPTS = 3;

const Envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })),
  result: z.unknown(),
});

export class VectorizeError extends Problem {
  constructor(status: number, detail: string) {
    super({
      status: status === 429 || status >= 500 ? 503 : 502,
      code: "vectorize",
      title: "Vectorize refused a call",
      detail: `Vectorize answered ${status}: ${detail}`,
      hint: "Look at the index's settings and the token's permissions.",
      ...((status === 429 || status >= 500) && { retryAfter: 5 }),
    });
  }
}

export class VectorizeClient {
  readonly #options: VectorizeClientOptions;

  constructor(options: VectorizeClientOptions) {
    this.#options = options;
  }

  /**
   * Calls a path below the index, or `""` for the index itself; `undefined` as the body makes it a GET.
   * @throws {VectorizeError} after repeating what may pass
   */
  async call<Result>(
    path: string,
    result: z.ZodType<Result>,
    body?: string,
    type = "application/json",
  ): Promise<Result> {
    const { accountId, indexName, baseUrl = CLOUDFLARE } = this.#options;
    return this.#send(
      `${baseUrl}/accounts/${accountId}/vectorize/v2/indexes/${indexName}${path}`,
      result,
      body,
      type,
    );
  }

  /** Creates the index. @throws {VectorizeError} when it is there already, among others */
  async create(dimensions: number): Promise<void> {
    const { accountId, indexName, baseUrl = CLOUDFLARE } = this.#options;
    const body = JSON.stringify({ name: indexName, config: { dimensions, metric: "cosine" } });
    await this.#send(
      `${baseUrl}/accounts/${accountId}/vectorize/v2/indexes`,
      z.unknown(),
      body,
      "application/json",
    );
  }

  async #send<Result>(
    url: string,
    schema: z.ZodType<Result>,
    body: string | undefined,
    type: string,
  ): Promise<Result> {
    const { apiToken, fetch: send = fetch, retryDelay = 250 } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const response = await send(url, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${apiToken}`, ...(body !== undefined && { "content-type": type }) },
        ...(body !== undefined && { body }),
      });
      if (PASSING_STATUSES.has(response.status) && attempt < ATTEMPTS) {
        await response.body?.cancel();
        const asked = Number(response.headers.get("retry-after")) * 1_000;
        await new Promise((resolve) => setTimeout(resolve, asked || retryDelay * 2 ** (attempt - 1)));
        continue;
      }
      const envelope = Envelope.safeParse(await response.json().catch(() => undefined));
      if (!response.ok || !envelope.success || !envelope.data.success) {
        const reasons = envelope.data?.errors.map(({ code, message }) => `${message} (${code})`);
        throw new VectorizeError(response.status, reasons?.join("; ") || "no reason given");
      }
      return schema.parse(envelope.data.result);
    }
  }
}
