/**
 * Events on their way to the API: sent together, kept by the browser until they have been taken, sent again when they
 * were not. Each has an id, so that one that is sent twice counts once.
 */
import { type Event, ProblemError } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";

const STORED_AS = "corkboard-outbox";

/** Events that wait at most; the oldest go first. It is also what a request may have. */
export const MAX_WAITING = 500;

/** Milliseconds until events that nothing follows from are sent, with those that came meanwhile. */
const SEND_AFTER = 1_500;

/** The same after a failure. */
const SEND_AGAIN_AFTER = 10_000;

export class Outbox {
  #waiting: Event[] = stored();
  #sending: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param sent told when some have been taken */
  constructor(
    private readonly api: Api,
    private readonly sent: () => void,
  ) {
    addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.send(true).catch(() => {});
    });
    if (this.#waiting.length > 0) this.#sendLater(SEND_AFTER);
  }

  /** Takes an event; it goes out in a moment, with others. */
  add(event: Omit<Event, "id" | "at">): void {
    const dated = { ...event, id: crypto.randomUUID(), at: new Date().toISOString() };
    this.#waiting = [...this.#waiting, dated].slice(-MAX_WAITING);
    this.#store();
    this.#sendLater(SEND_AFTER);
  }

  /**
   * Sends what waits now.
   * @param quiet fail rather than ask for a key
   * @throws what the client throws
   */
  async send(quiet = false): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sending?.catch(() => {});
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#sending = this.#sendBatch(batch, quiet);
    await this.#sending;
  }

  /** Drops what has not been sent of a person. */
  forget(user: string): void {
    this.#waiting = this.#waiting.filter((event) => event.user !== user);
    this.#store();
  }

  async #sendBatch(batch: readonly Event[], quiet: boolean): Promise<void> {
    try {
      await this.api.call((client) => client.people.record(batch), quiet);
    } catch (error) {
      // The same again would be refused again, and all that comes after it: what nobody may write is nobody's loss.
      if (isRefusal(error)) this.#drop(batch);
      else this.#sendLater(SEND_AGAIN_AFTER);
      throw error;
    }
    this.#drop(batch);
    this.sent();
  }

  #drop(batch: readonly Event[]): void {
    const gone = new Set(batch.map(({ id }) => id));
    this.#waiting = this.#waiting.filter(({ id }) => !gone.has(id));
    this.#store();
  }

  #sendLater(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.send(true).catch(() => {}), wait);
  }

  #store(): void {
    if (this.#waiting.length === 0) localStorage.removeItem(STORED_AS);
    else localStorage.setItem(STORED_AS, JSON.stringify(this.#waiting));
  }
}

/** Whether the API will never take it, or not from this visitor; else it is sent again. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && error.status < 500 && error.status !== 429;
}

/** What an earlier visit left; nothing when it cannot be read. */
function stored(): Event[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? "[]");
    return Array.isArray(read) ? (read as Event[]).slice(-MAX_WAITING) : [];
  } catch {
    return [];
  }
}
