/**
 * Vectorize's HTTP API as its documentation describes it, on a port of this machine: limits, metadata indexes that
 * see later vectors only, text indexed by its first 64 bytes, mutations that become visible some time later.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Scalar = string | number | boolean;

interface StoredVector {
  readonly id: string;
  readonly values: number[];
  readonly namespace?: string;
  readonly metadata?: Record<string, Scalar>;
  /** What filters see. */
  readonly indexed: Record<string, Scalar>;
}

interface Mutation {
  readonly id: string;
  readonly visibleAt: number;
  readonly apply: () => void;
}

/** An error of the API: HTTP status, code, message. */
class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const TOKEN = "test-token";

export class FakeVectorize {
  /** Milliseconds until a mutation can be seen. */
  delay = 5;
  /** The next calls are answered with these statuses. */
  readonly failures: number[] = [];
  calls = 0;
  #dimensions: number | undefined;
  readonly #types = new Map<string, string>();
  readonly #vectors = new Map<string, StoredVector>();
  readonly #mutations: Mutation[] = [];
  #processed: string | undefined;
  #count = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.calls++;
    let text = "";
    for await (const bytes of request.setEncoding("utf8")) text += bytes;
    const send = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    try {
      const failure = this.failures.shift();
      if (failure) throw new ApiError(failure, 10_000, "no luck");
      if (request.headers.authorization !== `Bearer ${TOKEN}`)
        throw new ApiError(401, 10_001, "unauthorised");
      const path = /^\/accounts\/account\/vectorize\/v2\/indexes(?:\/corkboard(\/.*)?)?$/.exec(
        request.url ?? "",
      );
      if (!path) throw new ApiError(404, 3_000, "index not found");
      const result = this.#route(`${request.method} ${path[1] ?? ""}`, text, request.headers["content-type"]);
      send(200, { success: true, errors: [], messages: [], result });
    } catch (error) {
      const { status, code, message } =
        error instanceof ApiError ? error : new ApiError(500, 1, String(error));
      send(status, { success: false, errors: [{ code, message }], messages: [], result: null });
    }
  }

  #route(route: string, body: string, type: string | undefined): object {
    this.#process();
    switch (route) {
      case "POST ": {
        if (this.#dimensions) throw new ApiError(409, 3_002, "duplicate index name");
        const { config } = JSON.parse(body) as { config: { dimensions: number; metric: string } };
        check(config.dimensions <= 1536 && config.metric === "cosine", 3_003, "bad config");
        this.#dimensions = config.dimensions;
        return {};
      }
      case "POST /metadata_index/create": {
        const { propertyName, indexType } = JSON.parse(body) as { propertyName: string; indexType: string };
        check(this.#types.size < 10, 3_010, "too many metadata indexes");
        check(/^[^.$"][^."]*$/.test(propertyName), 3_011, "bad property name");
        return this.#mutate(() => this.#types.set(propertyName, indexType));
      }
      case "POST /upsert":
        check(type === "application/x-ndjson", 4_001, "expected ndjson");
        return this.#upsert(body);
      case "POST /delete_by_ids": {
        const { ids } = JSON.parse(body) as { ids: string[] };
        return this.#mutate(() => {
          for (const id of ids) this.#vectors.delete(id);
        });
      }
      case "POST /query":
        return this.#query(JSON.parse(body) as Query);
      case "GET /info":
        return {
          dimensions: this.#dimensions,
          vectorCount: this.#vectors.size,
          processedUpToMutation: this.#processed ?? null,
        };
      default:
        throw new ApiError(404, 7_003, "no such route");
    }
  }

  #upsert(body: string): object {
    const lines = body.split("\n").map((line) => JSON.parse(line) as StoredVector);
    check(lines.length <= 5_000 && body.length <= 100e6, 4_002, "too many vectors");
    for (const { id, values, metadata, namespace } of lines) {
      check(bytes(id) <= 64, 4_003, "id too long");
      check(values.length === this.#dimensions && values.every(Number.isFinite), 4_004, "bad vector");
      check(bytes(JSON.stringify(metadata ?? {})) <= 10_240, 4_005, "too much metadata");
      check(bytes(namespace ?? "") <= 64, 4_006, "namespace too long");
      check(
        Object.keys(metadata ?? {}).every((key) => /^[^.$"][^."]*$/.test(key)),
        4_007,
        "bad metadata key",
      );
    }
    return this.#mutate(() => {
      for (const { id, values, metadata = {}, namespace } of lines) {
        const indexed = Object.fromEntries(
          Object.entries(metadata)
            .filter(([name, value]) => this.#types.get(name) === typeof value)
            .map(([name, value]) => [name, truncated(value)]),
        );
        const stored = { id, values: [...Float32Array.from(values)], metadata, indexed };
        this.#vectors.set(id, namespace === undefined ? stored : { ...stored, namespace });
      }
    });
  }

  #query({
    vector,
    topK = 5,
    filter,
    namespace,
    returnValues = false,
    returnMetadata = "none",
  }: Query): object {
    check(vector.length === this.#dimensions, 4_010, "wrong dimensions");
    const most = returnValues || returnMetadata !== "none" ? 20 : 100;
    check(Number.isInteger(topK) && topK >= 1 && topK <= most, 4_011, `topK must be 1 to ${most}`);
    if (filter) {
      check(Object.keys(filter).length > 0, 4_012, "empty filter");
      check(bytes(JSON.stringify(filter)) < 2_048, 4_013, "filter too long");
    }
    const matches = [...this.#vectors.values()]
      .filter((one) => namespace === undefined || one.namespace === namespace)
      .filter(({ indexed }) =>
        Object.entries(filter ?? {}).every(([name, wanted]) => meets(indexed[name], wanted)),
      )
      .map(({ id, values }) => ({ id, score: cosine(values, vector) }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, topK);
    return { count: matches.length, matches };
  }

  #mutate(apply: () => void): { mutationId: string } {
    const id = `mutation-${++this.#count}`;
    this.#mutations.push({ id, visibleAt: Date.now() + this.delay, apply });
    return { mutationId: id };
  }

  #process(): void {
    while (this.#mutations[0] && this.#mutations[0].visibleAt <= Date.now()) {
      const { id, apply } = this.#mutations.shift()!;
      apply();
      this.#processed = id;
    }
  }
}

interface Query {
  readonly vector: number[];
  readonly topK?: number;
  readonly filter?: Record<string, { $in?: Scalar[]; $gte?: number; $lte?: number }>;
  readonly namespace?: string;
  readonly returnValues?: boolean;
  readonly returnMetadata?: string;
}

function meets(
  value: Scalar | undefined,
  { $in, $gte, $lte }: { $in?: Scalar[]; $gte?: number; $lte?: number },
): boolean {
  if (value === undefined) return false;
  if ($in && !$in.some((one) => truncated(one) === value)) return false;
  if ($gte !== undefined && !(typeof value === "number" && value >= $gte)) return false;
  return $lte === undefined || (typeof value === "number" && value <= $lte);
}

function truncated(value: Scalar): Scalar {
  if (typeof value !== "string") return value;
  let text = "";
  for (const sign of value) {
    if (bytes(text + sign) > 64) break;
    text += sign;
  }
  return text;
}

function check(holds: boolean, code: number, message: string): void {
  if (!holds) throw new ApiError(400, code, message);
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
