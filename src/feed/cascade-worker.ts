/** The thread of a cascade, from outside: started, asked, and replaced when it dies. */
import { Problem } from "../problem.ts";
import { EngineDiedError } from "../runtime/errors.ts";
import { Thread } from "../runtime/threads/thread.ts";
import type {
  CascadeNotice,
  CascadeOrder,
  CascadeResults,
  CascadeSettings,
  CascadeState,
} from "./cascade-messages.ts";
import type { CascadeRequest } from "./cascade-request.ts";
import type { CascadeAnswer } from "./unipinrec.ts";

export interface CascadeWorkerOptions extends CascadeSettings {
  /** The JavaScript module of `cascade-thread.ts`. */
  readonly thread: URL;
  readonly log: (line: string) => void;
}

export class CascadeWorker {
  readonly #options: CascadeWorkerOptions;
  readonly #settings: CascadeSettings;
  #thread: Thread<CascadeOrder, CascadeResults> | undefined;
  #state: CascadeState | undefined;
  #closed = false;

  constructor(options: CascadeWorkerOptions) {
    const { manifest, precision, folder, provider, threads, catalog, tableEveryMs, kvBytes, kvTtlMs } =
      options;
    this.#options = options;
    this.#settings = {
      manifest,
      precision,
      folder,
      provider,
      threads,
      catalog,
      tableEveryMs,
      kvBytes,
      kvTtlMs,
    };
  }

  /** As the thread last said; nothing before it has started, and after it has died. */
  get state(): CascadeState | undefined {
    return this.#state;
  }

  async start(): Promise<CascadeState> {
    const thread = new Thread<CascadeOrder, CascadeResults>({
      file: this.#options.thread,
      data: undefined,
      onNotice: (notice) => this.#hear(notice as CascadeNotice),
      onEnd: (hadAnswered) => this.#replace(hadAnswered),
    });
    this.#thread = thread;
    this.#state = await thread.ask({ kind: "start", ...this.#settings }, this.#settings.manifest.name);
    return this.#state;
  }

  /** @throws {EngineDiedError} when the thread ends before it has answered; the problems of `Cascade.rank`. */
  async rank(request: CascadeRequest, deadline: number): Promise<CascadeAnswer> {
    if (!this.#thread) throw new EngineDiedError("it had ended before");
    const order = { kind: "rank", request, deadline } as const;
    const { outcome, state } = await this.#thread.ask(order, this.#settings.manifest.name);
    this.#state = state;
    if (outcome.ok) return outcome.answer;
    throw new Problem(outcome.problem);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread?.end();
  }

  #hear(notice: CascadeNotice): void {
    if ("log" in notice) this.#options.log(notice.log);
    else this.#state = notice.state;
  }

  /** One that died before it answered anything would die again. */
  #replace(hadAnswered: boolean): void {
    this.#thread = undefined;
    this.#state = undefined;
    if (this.#closed || !hadAnswered) return;
    this.#options.log("the cascade's thread has died; another takes its place");
    this.start().catch((error) => this.#options.log(`the cascade cannot be started again: ${error.message}`));
  }
}
