/** The client itself. */
import { Boards } from "./boards.ts";
import { Looks } from "./looks.ts";
import { People } from "./people.ts";
import { formOf, isText } from "./pictures.ts";
import { Embeddings, Items, Keys, Models, Pictures } from "./routes.ts";
import { type CallOptions, Transport, type TransportOptions } from "./transport.ts";
import type { DuplicateReport, Overview, Readiness, SearchPage, SearchQuery, SearchResult } from "./types.ts";

/**
 * Talks to a Corkboard, from browsers, Node and Workers.
 *
 * @example
 * ```ts
 * import { Corkboard } from "corkboard/client";
 *
 * const corkboard = new Corkboard({ baseUrl: "http://127.0.0.1:8787" });
 * await corkboard.items.put("chair-0042", { image: photo, title: "Chair", price: 49 });
 * const { results } = await corkboard.search({ image: photo, filter: { price: { max: 200 } } });
 * ```
 */
export class Corkboard {
  readonly items: Items;
  readonly boards: Boards;
  readonly looks: Looks;
  readonly people: People;
  readonly pictures: Pictures;
  readonly embeddings: Embeddings;
  readonly models: Models;
  readonly keys: Keys;
  readonly #transport: Transport;

  constructor(options: TransportOptions = {}) {
    const transport = new Transport(options);
    this.items = new Items(transport);
    this.boards = new Boards(transport);
    this.looks = new Looks(transport);
    this.people = new People(transport);
    this.pictures = new Pictures(transport);
    this.embeddings = new Embeddings(transport);
    this.models = new Models(transport);
    this.keys = new Keys(transport);
    this.#transport = transport;
  }

  /** Items like words, a picture, a part of one, another item, several of these, or a vector; best first, one page. */
  search(query: SearchQuery, options?: CallOptions): Promise<SearchPage> {
    const { image, ...rest } = query as SearchQuery & { image?: SearchQuery["image"] };
    if (image === undefined || isText(image)) return this.#search(query, options);
    const { crop, look, ...others } = rest as typeof rest & { crop?: number[] };
    const lists = { crop: crop?.join(), look: look === undefined ? undefined : [look].flat().join() };
    return this.#search(formOf([image], { ...others, ...lists }), options);
  }

  /** Results page by page as they are taken, up to 2,000; words and pictures are sent once. */
  async *searchAll(query: SearchQuery, options?: CallOptions): AsyncGenerator<SearchResult> {
    let page = await this.search(query, options);
    const { limit, filter, look, explain } = query;
    // The item searched by is left out of the results, which its vector alone does not say.
    const next =
      query.item === undefined ? { ...page.query, sha256: undefined, limit, filter, look, explain } : query;
    for (;;) {
      yield* page.results;
      if (page.next === undefined) return;
      page = await this.#search({ ...next, cursor: page.next }, options);
    }
  }

  /** Counts by state and category. */
  catalog(options?: CallOptions): Promise<Overview> {
    return this.#transport.json({ path: "/v1/catalog", ...options });
  }

  /** Items whose pictures are the same or nearly so, a hundred items a page. */
  duplicates(query: { cursor?: string } = {}, options?: CallOptions): Promise<DuplicateReport> {
    return this.#transport.json({ path: "/v1/duplicates", query, ...options });
  }

  /** Whether pictures can be embedded now. */
  ready(options?: CallOptions): Promise<Readiness> {
    return this.#transport.json({ path: "/health/ready", ...options });
  }

  #search(body: unknown, options?: CallOptions): Promise<SearchPage> {
    return this.#transport.json({ method: "POST", path: "/v1/search", body, ...options });
  }
}
