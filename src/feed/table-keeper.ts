/** Keeps a table of items up to date: asks for another every so often, builds it beside the present one, and swaps. */
import { reasonOf } from "../runtime/errors.ts";
import { type BuildOptions, buildItemTable, type ItemTable } from "./item-table.ts";
import type { TableSource } from "./table-source.ts";

export interface TableKeeperOptions {
  readonly source: Pick<TableSource, "pull">;
  readonly model: BuildOptions["model"];
  /** Milliseconds from one look to the next; a tenth after one that failed, or while the source has no items yet. */
  readonly everyMs: number;
  /** @default what is installed */
  readonly index?: BuildOptions["index"];
  readonly log: (line: string) => void;
  /** Told of every look, and of what came of it. */
  readonly onLook?: ((keeper: TableKeeper) => void) | undefined;
}

/** A table that took long to pull and build rests for as many times as long: no more than a tenth of the time goes into it. */
const REST = 9;

/** Items between two lines of the log while a table is pulled. */
const ITEMS_PER_LINE = 50_000;

export class TableKeeper {
  readonly #options: TableKeeperOptions;
  /** Who works with a table keeps the one that they have: this is assigned, never changed. */
  #table: ItemTable | undefined;
  #problem: string | undefined;
  #checkedAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> | undefined;
  #ended = false;

  constructor(options: TableKeeperOptions) {
    this.#options = options;
  }

  /** The present table; none before the first has come. */
  get table(): ItemTable | undefined {
    return this.#table;
  }

  /** Why the last look brought nothing; none when it went well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** When the table was last known to be that of the source, in ms since 1970. */
  get checkedAt(): number | undefined {
    return this.#checkedAt;
  }

  /** Looks now, and from then on every so often. Never rejects. */
  async start(): Promise<void> {
    const started = performance.now();
    await this.look();
    if (this.#ended) return;
    this.#timer = setTimeout(() => void this.start(), this.#pause(performance.now() - started));
  }

  /** Milliseconds until the next look. Who starts all together has a catalogue that is on its way, or being filled. */
  #pause(tookMs: number): number {
    const { everyMs } = this.#options;
    if (this.#problem !== undefined) return everyMs / 10;
    return Math.max(this.#table?.size ? everyMs : everyMs / 10, REST * tookMs);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  /** Looks once; who asks meanwhile waits for the same look. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { source, model, index, log, onLook } = this.#options;
    try {
      const pulled = await source.pull(this.#table?.revision);
      if (pulled) {
        let said = 0;
        const onProgress = (items: number) => {
          if (items - said < ITEMS_PER_LINE) return;
          said = items;
          log(`item table: ${items} items so far`);
        };
        const table = await buildItemTable({ ...pulled, model, index, onProgress });
        this.#table = table;
        log(`item table: ${table.size} items, revision ${table.revision}, searched by ${table.kind}`);
      }
      this.#problem = undefined;
      this.#checkedAt = Date.now();
    } catch (error) {
      const problem = reasonOf(error);
      // Said once: a catalogue that is away may be so for hours.
      if (problem !== this.#problem) log(`item table: ${problem}`);
      this.#problem = problem;
    }
    onLook?.(this);
  }
}
