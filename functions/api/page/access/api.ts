/** The API as the page uses it: with the visitor's key, which is asked for when the server wants one. */
import { Corkboard, ForbiddenError, UnauthorizedError } from "../../../../src/client/index.ts";
import { type Call, Transport } from "../../../../src/client/transport.ts";

/** The key lives as long as the tab does. */
const STORED_AS = "corkboard-key";

/** A visitor who waits wants to know soon; the client waits longer between more of them. */
const RETRIES = 2;

/** Why a key is asked for. */
export type Refusal = UnauthorizedError | ForbiddenError;

interface Connection {
  readonly client: Corkboard;
  readonly transport: Transport;
}

export class Api {
  #key = sessionStorage.getItem(STORED_AS) ?? undefined;
  #connection = this.#connect();
  #asking: Promise<string | undefined> | undefined;

  /** @param ask answers undefined when the visitor has no key to give */
  constructor(private readonly ask: (refusal: Refusal) => Promise<string | undefined>) {}

  /** Whether requests carry a key; those of `<img>` do not. */
  get hasKey(): boolean {
    return this.#key !== undefined;
  }

  /**
   * Calls the API, and again with a key when it wants one.
   * @param quiet fail rather than ask: nobody has asked for anything
   * @throws what the client throws
   */
  call<Answer>(work: (client: Corkboard) => Promise<Answer>, quiet = false): Promise<Answer> {
    return this.#withKey(({ client }) => work(client), quiet);
  }

  /** Sends a request whose answer's headers matter. @throws what the client throws */
  send(call: Call): Promise<Response> {
    return this.#withKey(({ transport }) => transport.send(call));
  }

  async #withKey<Answer>(work: (connection: Connection) => Promise<Answer>, quiet = false): Promise<Answer> {
    for (;;) {
      const used = this.#connection;
      try {
        return await work(used);
      } catch (error) {
        if (!(error instanceof UnauthorizedError || error instanceof ForbiddenError) || quiet) throw error;
        // Another call may have got a key meanwhile.
        if (used === this.#connection && !(await this.#askOnce(error))) throw error;
      }
    }
  }

  /** Keeps a key for this tab; undefined forgets it. */
  use(key: string | undefined): void {
    this.#key = key;
    if (key === undefined) sessionStorage.removeItem(STORED_AS);
    else sessionStorage.setItem(STORED_AS, key);
    this.#connection = this.#connect();
  }

  async #askOnce(refusal: Refusal): Promise<boolean> {
    this.#asking ??= this.ask(refusal).finally(() => {
      this.#asking = undefined;
    });
    const key = await this.#asking;
    if (key !== undefined && key !== this.#key) this.use(key);
    return key !== undefined;
  }

  #connect(): Connection {
    const options = { baseUrl: location.origin, retries: RETRIES, key: this.#key };
    return { client: new Corkboard(options), transport: new Transport(options) };
  }
}
