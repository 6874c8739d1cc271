/** Which models of a host have answered a real inference, and how those that have not come to one. */
import { pinnedName } from "../runtime/manifest.ts";
import type { Session } from "../runtime/session.ts";
import { ROWS_AT_ONCE } from "./batcher.ts";
import { HostUnavailableError } from "./errors.ts";
import type { LineOptions, Lines } from "./lines.ts";
import type { ModelCache } from "./model-cache.ts";
import type { HostedModel } from "./model-store.ts";
import { prove, warmBatches } from "./proof.ts";

/** How long somebody waits for their turn. */
export interface Wait {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ModelReadinessOptions extends Pick<LineOptions, "rowsAtOnce" | "lanesPerModel"> {
  readonly cache: ModelCache;
  readonly lines: Lines;
}

export class ModelReadiness {
  readonly #options: ModelReadinessOptions;
  /** By `name@revision`. */
  readonly #proven = new Set<string>();

  constructor(options: ModelReadinessOptions) {
    this.#options = options;
  }

  /** A model has answered an inference. */
  add({ manifest }: HostedModel): void {
    this.#proven.add(pinnedName(manifest));
  }

  /** Runs a model on zeros, unless it has answered before. @throws {HostUnavailableError} when it does not run */
  async prove(model: HostedModel, wait: Wait): Promise<void> {
    if (this.#proven.has(pinnedName(model.manifest))) return;
    await this.#try(model, wait, (session) => prove(model, session));
    this.add(model);
  }

  /** Runs every size of batch. @throws {HostUnavailableError} when one does not fit */
  warm(model: HostedModel, wait: Wait): Promise<void> {
    const { lines, lanesPerModel: lanes = 1, rowsAtOnce = ROWS_AT_ONCE } = this.#options;
    const most = Math.min(lines.of(model.manifest).batcher.maxRows, rowsAtOnce);
    return this.#try(model, wait, (session) => warmBatches(model, session, { most, lanes }));
  }

  async #try(
    model: HostedModel,
    { deadline, signal }: Wait,
    work: (session: Session) => Promise<void>,
  ): Promise<void> {
    const { cache, lines } = this.#options;
    try {
      const { queue } = lines.of(model.manifest);
      await queue.run(deadline, () => cache.use(model, work), { signal });
    } catch (error) {
      throw new HostUnavailableError(`Not ready: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  }
}
