/** Cloudflare Vectorize as a vector index: for catalogues that outgrow what shards can scan. */
import { z } from "zod";
import { isEmpty } from "../filter.ts";
import {
  checkQuery,
  DIMENSIONS,
  type Hit,
  page,
  type VectorEntry,
  type VectorIndex,
  type VectorQuery,
} from "../vector-index.ts";
import { VectorizeClient, type VectorizeClientOptions } from "./client.ts";
import { MAX_DELETE, MAX_FILTER_ATTRIBUTES, MAX_NAMESPACE_BYTES, MAX_TOP_K, MAX_UPSERT } from "./limits.ts";
import { type IndexedAttributes, metadataOf, propertyOf, vectorizeFilter } from "./metadata.ts";

export interface VectorizeOptions extends VectorizeClientOptions {
  /** Attributes that filters can use, at most eight. @default none: category and price only */
  readonly attributes?: IndexedAttributes;
  /** Keeps several catalogues apart in one index; their ids must differ. @default none */
  readonly namespace?: string;
  /** How long `settled` waits for writes to become visible, in ms. @default 60,000 */
  readonly patience?: number;
  /** Milliseconds between two looks. @default 500 */
  readonly interval?: number;
}

const Mutation = z.object({ mutationId: z.string() });
const Info = z.object({ vectorCount: z.number(), processedUpToMutation: z.string().nullish() });
const Matches = z.object({ matches: z.array(z.object({ id: z.string(), score: z.number() })) });

/**
 * Differs from the other indexes in what Vectorize is: writes become visible after seconds (`settled` waits for
 * them), a search ends after 100 results, scores are approximate, attributes that are lists cannot be filtered by.
 * An index serves one revision of one model.
 *
 * @example
 * ```ts
 * const index = new VectorizeIndex({ accountId, apiToken, indexName: "corkboard", attributes: { colour: "string" } });
 * await index.create();
 * ```
 */
export class VectorizeIndex implements VectorIndex {
  readonly limits = { results: MAX_TOP_K, window: MAX_TOP_K };
  readonly #client: VectorizeClient;
  readonly #options: VectorizeOptions;
  readonly #attributes: IndexedAttributes;
  #lastMutation: string | undefined;

  /** @throws RangeError for too many attributes or too long a namespace */
  constructor(options: VectorizeOptions) {
    this.#attributes = options.attributes ?? {};
    if (Object.keys(this.#attributes).length > MAX_FILTER_ATTRIBUTES) {
      throw new RangeError(`Vectorize filters by ${MAX_FILTER_ATTRIBUTES} attributes at most`);
    }
    if (new TextEncoder().encode(options.namespace).length > MAX_NAMESPACE_BYTES) {
      throw new RangeError(`the namespace has more than ${MAX_NAMESPACE_BYTES} bytes`);
    }
    this.#options = options;
    this.#client = new VectorizeClient(options);
  }

  /** Creates the index and what its filters need. Vectors written before would not be filtered. */
  async create(): Promise<void> {
    await this.#client.create(DIMENSIONS);
    const properties = Object.entries(this.#attributes).map(([name, type]) => [propertyOf(name), type]);
    for (const [propertyName, indexType] of [["category", "string"], ["price", "number"], ...properties]) {
      const body = JSON.stringify({ propertyName, indexType });
      await this.#client.call("/metadata_index/create", z.unknown(), body);
    }
  }

  async upsert(entries: readonly VectorEntry[]): Promise<void> {
    const { namespace } = this.#options;
    for (let at = 0; at < entries.length; at += MAX_UPSERT) {
      const lines = entries.slice(at, at + MAX_UPSERT).map(({ id, vector, facets }) =>
        JSON.stringify({
          id,
          values: [...vector],
          metadata: metadataOf(facets, this.#attributes),
          namespace,
        }),
      );
      await this.#mutate("/upsert", lines.join("\n"), "application/x-ndjson");
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += MAX_DELETE) {
      await this.#mutate("/delete_by_ids", JSON.stringify({ ids: ids.slice(at, at + MAX_DELETE) }));
    }
  }

  async search(query: VectorQuery): Promise<Hit[]> {
    checkQuery(query, this.limits);
    const { vector, k, filter, after, explain } = query;
    const { namespace } = this.#options;
    const body = JSON.stringify({
      vector: [...vector],
      // There is no offset: a later page asks for all before it, too, and whatever came in between.
      topK: after ? MAX_TOP_K : k,
      returnValues: false,
      returnMetadata: "none",
      ...(filter && !isEmpty(filter) && { filter: vectorizeFilter(filter, this.#attributes) }),
      ...(namespace !== undefined && { namespace }),
    });
    const { matches } = await this.#client.call("/query", Matches, body);
    const hits = matches.map(({ id, score }) => ({ id, score, ...(explain && { explanation: {} }) }));
    return page(hits, query, this.limits);
  }

  /** Vectors of all namespaces together. */
  async size(): Promise<number> {
    return (await this.#client.call("/info", Info)).vectorCount;
  }

  /** Waits until the last write of this instance can be found. @throws Error when it takes too long */
  async settled(): Promise<void> {
    const { patience = 60_000, interval = 500 } = this.#options;
    for (let waited = 0; this.#lastMutation !== undefined; waited += interval) {
      const { processedUpToMutation } = await this.#client.call("/info", Info);
      if (processedUpToMutation === this.#lastMutation) return;
      if (waited >= patience) throw new Error(`Vectorize has not shown the last write after ${patience} ms`);
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  }

  async #mutate(path: string, body: string, type?: string): Promise<void> {
    this.#lastMutation = (await this.#client.call(path, Mutation, body, type)).mutationId;
  }
}
