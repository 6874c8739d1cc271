/** What people did, and what follows from it. */

import type {
  Event,
  EventLog,
  EventsTaken,
  FeedOptions,
  FeedPage,
  FeedPath,
  Forgotten,
  Interest,
  LoggedEvent,
} from "./people-types.ts";
import type { CallOptions, Transport } from "./transport.ts";

const at = encodeURIComponent;

export class People {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Up to 500 events. They are on disk when this has answered; the same event again counts no more. */
  record(events: readonly Event[], options?: CallOptions): Promise<EventsTaken> {
    return this.#transport.json({ method: "POST", path: "/v1/events", body: { events }, ...options });
  }

  /** What somebody is interested in, the most important first. Takes a key. */
  async interests(user: string, query: { limit?: number } = {}, options?: CallOptions): Promise<Interest[]> {
    const path = `/v1/users/${at(user)}/interests`;
    const { interests } = await this.#transport.json<{ interests: Interest[] }>({ path, query, ...options });
    return interests;
  }

  /**
   * What somebody is to see next: one page, best first, recorded as shown. Takes a key.
   * @returns the page, and where most of it comes from
   *
   * @example
   * ```ts
   * const { items, slate } = await corkboard.people.feed("u-7f3a", { limit: 30 });
   * await corkboard.people.record([{ id, user: "u-7f3a", item: items[0].id, action: "click", at, slate }]);
   * ```
   */
  async feed(
    user: string,
    { explain, ...query }: FeedOptions = {},
    options?: CallOptions,
  ): Promise<FeedPage & { path: FeedPath }> {
    const path = `/v1/users/${at(user)}/feed`;
    const asked = { ...query, ...(explain && { explain: 1 }) };
    const response = await this.#transport.send({ path, query: asked, ...options });
    const page = (await response.json()) as FeedPage;
    return { ...page, path: response.headers.get("x-corkboard-path") as FeedPath };
  }

  /** A feed page by page, as they are taken, until nothing is left that it has not shown. */
  async *feedPages(
    user: string,
    query: FeedOptions = {},
    options?: CallOptions,
  ): AsyncGenerator<FeedPage & { path: FeedPath }> {
    let { cursor } = query;
    do {
      const page = await this.feed(user, { ...query, cursor }, options);
      if (page.items.length > 0) yield page;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  /** Files of the event log, hour by hour. Takes the admin token. */
  async *logs(query: { after?: string } = {}, options?: CallOptions): AsyncGenerator<EventLog> {
    let { after } = query;
    do {
      const page = await this.#transport.json<{ logs: EventLog[]; next?: string }>({
        path: "/v1/event-logs",
        query: { after },
        ...options,
      });
      yield* page.logs;
      after = page.next;
    } while (after !== undefined);
  }

  /** Events of one file. Takes the admin token. */
  async readLog(name: string, options?: CallOptions): Promise<LoggedEvent[]> {
    const { body } = await this.#transport.send({ path: `/v1/event-logs/${name}`, ...options });
    const text = await new Response(body?.pipeThrough(new DecompressionStream("gzip"))).text();
    return text
      .trimEnd()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as LoggedEvent);
  }

  /** Removes what is kept of somebody; log files keep the events that they have, and the answer names them. */
  forget(user: string, options?: CallOptions): Promise<Forgotten> {
    return this.#transport.json({ method: "DELETE", path: `/v1/users/${at(user)}`, ...options });
  }
}
