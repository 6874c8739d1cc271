/** The routes, in groups as the API has them. */
import { type BatchOptions, writeBatches } from "./batch.ts";
import { formOf, isText } from "./pictures.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type {
  BatchItem,
  BatchResult,
  CreatedKey,
  DuplicateGroup,
  EmbeddingList,
  EmbeddingRequest,
  Item,
  ItemPage,
  Key,
  KeyScope,
  ListOptions,
  Model,
  NewItem,
  StoredEmbedding,
  Written,
} from "./types.ts";

const at = encodeURIComponent;

export interface WriteOptions extends CallOptions {
  /** Write only when the item has this version; 0: only when there is none. */
  readonly ifVersion?: number | undefined;
}

export function conditions(version: number | undefined): Record<string, string> {
  if (version === undefined) return {};
  return version === 0 ? { "if-none-match": "*" } : { "if-match": `"${version}"` };
}

export class Items {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Adds or replaces an item. The same again changes nothing. */
  put(id: string, item: NewItem, { ifVersion, ...options }: WriteOptions = {}): Promise<Written> {
    const { image, ...fields } = item;
    const body = image === undefined || isText(image) ? item : formOf([image], fields);
    const headers = conditions(ifVersion);
    return this.#transport.json({ method: "PUT", path: `/v1/items/${at(id)}`, body, headers, ...options });
  }

  get(id: string, options?: CallOptions): Promise<Item> {
    return this.#transport.json({ path: `/v1/items/${at(id)}`, ...options });
  }

  /** A retry after a broken connection may find the item gone already: that is success. */
  async delete(id: string, { ifVersion, ...options }: WriteOptions = {}): Promise<void> {
    const headers = conditions(ifVersion);
    await this.#transport.send({ method: "DELETE", path: `/v1/items/${at(id)}`, headers, ...options });
  }

  /** One page, in the order of the ids. */
  list(query: ListOptions = {}, options?: CallOptions): Promise<ItemPage> {
    return this.#transport.json({ path: "/v1/items", query, ...options });
  }

  /** All items, page by page as they are taken. */
  async *all(query: ListOptions = {}, options?: CallOptions): AsyncGenerator<Item> {
    let { cursor } = query;
    do {
      const page = await this.list({ limit: 200, ...query, cursor }, options);
      yield* page.items;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  /**
   * Adds or replaces many items: they come from any iterable, as fast as they are written; a result comes for each.
   *
   * @example
   * ```ts
   * for await (const { ok, id } of corkboard.items.batch(products)) console.log(id, ok);
   * ```
   */
  batch(
    items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchResult> {
    return writeBatches(this.#transport, items, options);
  }

  /** Tries again to embed a failed item, or all; answers how many wait again. */
  async retry(id?: string, options?: CallOptions): Promise<number> {
    const path = id === undefined ? "/v1/items:retry" : `/v1/items/${at(id)}:retry`;
    return (await this.#transport.json<{ retried: number }>({ method: "POST", path, ...options })).retried;
  }

  /** Items with the same picture, or nearly so. */
  duplicates(id: string, options?: CallOptions): Promise<DuplicateGroup> {
    return this.#transport.json({ path: `/v1/items/${at(id)}/duplicates`, ...options });
  }
}

export class Pictures {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The address of an item's picture, for `<img src>`; none until it was fetched. */
  url({ image: { href } }: Pick<Item, "image">): string | undefined {
    return href === undefined ? undefined : this.#transport.baseUrl + href;
  }

  async get(sha256: string, options?: CallOptions): Promise<Blob> {
    return (await this.#transport.send({ path: `/v1/pictures/${at(sha256)}`, ...options })).blob();
  }
}

export class Embeddings {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create({ input, ...query }: EmbeddingRequest, options?: CallOptions): Promise<EmbeddingList> {
    const pictures = Array.isArray(input) ? input : [input];
    const body = pictures.every(isText) ? { input: pictures, ...query } : formOf(pictures, query);
    return this.#transport.json({ method: "POST", path: "/v1/embeddings", body, ...options });
  }

  /** A known embedding by its picture's SHA-256. */
  get(model: string, sha256: string, options?: CallOptions): Promise<StoredEmbedding> {
    return this.#transport.json({ path: `/v1/embeddings/${at(model)}/${at(sha256)}`, ...options });
  }
}

export class Models {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(options?: CallOptions): Promise<Model[]> {
    return (await this.#transport.json<{ data: Model[] }>({ path: "/v1/models", ...options })).data;
  }

  get(model: string, options?: CallOptions): Promise<Model> {
    return this.#transport.json({ path: `/v1/models/${at(model)}`, ...options });
  }
}

/** For holders of the admin token. */
export class Keys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Not sent again after a broken connection: there could be two keys, one of which nobody knows. */
  create(key: { name: string; scopes?: KeyScope[] }, options?: CallOptions): Promise<CreatedKey> {
    const call = { method: "POST", path: "/v1/keys", body: key, repeatable: false };
    return this.#transport.json({ ...call, ...options });
  }

  async list(options?: CallOptions): Promise<Key[]> {
    return (await this.#transport.json<{ data: Key[] }>({ path: "/v1/keys", ...options })).data;
  }

  async revoke(id: string, options?: CallOptions): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: `/v1/keys/${at(id)}`, ...options });
  }
}
