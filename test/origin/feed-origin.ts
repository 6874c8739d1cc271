/** `npm run origin` for feeds alone, that tests kill and start again in the same place; and people who it ranks for. */
import type { Corkboard, Event } from "../../src/client/index.ts";
import { eventually } from "../api/dev-server.ts";
import { type OriginCommand, startCommand } from "./command.ts";
import { freePort } from "./free-port.ts";

const HOUR_MS = 3_600_000;
const ACTIONS = ["click", "closeup", "save"] as const;
/** Loading, and the first look at the catalogue, on a busy machine. */
const START_MS = 60_000;

export class FeedOrigin {
  readonly url: string;
  readonly #port: number;
  readonly #secret: string;
  #command: OriginCommand | undefined;

  private constructor(port: number, secret: string) {
    this.#port = port;
    this.#secret = secret;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** On a free port; nothing runs yet. @param secret with which requests are signed. @default none */
  static async create(secret = ""): Promise<FeedOrigin> {
    return new FeedOrigin(await freePort(), secret);
  }

  /** As it is built, with the shipped model; it looks for items at `catalog` every second. */
  async start(catalog: string, ...options: readonly string[]): Promise<void> {
    const feeds = ["--models", "unipinrec", "--provider", "cpu", "--threads", "1"];
    const items = ["--catalog", catalog, "--table-every", "1"];
    const command = startCommand(
      ["--port", String(this.#port), ...feeds, ...items, ...options],
      this.#secret,
    );
    this.#command = command;
    await eventually(async () => {
      if (!command.said().includes("The origin is at"))
        throw new Error(`it did not start: ${command.said()}`);
    }, START_MS);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    this.#command?.process.kill("SIGKILL");
    await this.#command?.ended;
  }

  /** Items that it retrieves from, as it has said last; none before it has a table. */
  get items(): number {
    const tables = [...(this.#command?.said() ?? "").matchAll(/item table: (\d+) items, revision/g)];
    return Number(tables.at(-1)?.[1] ?? 0);
  }
}

/** Somebody new who has acted on items, one after the other, an hour apart: as many tokens. @returns their id */
export async function somebody(
  corkboard: Corkboard,
  items: readonly string[],
  tokens: number,
): Promise<string> {
  const user = `somebody-${crypto.randomUUID()}`;
  const now = Date.now();
  const events = Array.from({ length: tokens }, (_, at): Event => {
    const [item, action] = [items[at % items.length]!, ACTIONS[at % ACTIONS.length]!];
    return { id: `${at}`, user, item, action, at: new Date(now - (tokens - at) * HOUR_MS).toISOString() };
  });
  await corkboard.people.record(events);
  return user;
}
