/** What people did, and what follows from it. */

import type { Event, EventLog, EventsTaken, Forgotten, Interest, LoggedEvent } from "./people-types.ts";
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
