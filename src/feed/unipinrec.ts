/**
 * The cascade ("UniPinRec", arXiv 2606.00422, section on serving): a history to keys and values, their query to the
 * nearest items, these to probabilities of actions over the same keys and values, and the best first. A person's
 * keys and values stay for their next request, which adds what they did since.
 */
import { DeadlineExceededError } from "../inference/errors.ts";
import { Problem } from "../problem.ts";
import { pinnedName } from "../runtime/manifest.ts";
import type { CascadeRequest } from "./cascade-request.ts";
import type { ItemTable } from "./item-table.ts";
import { type KnownHistory, knownHistory } from "./known-history.ts";
import type { Held, KvPool, Lease } from "./kv-pool.ts";
import { RANKED_CANDIDATES } from "./limits.ts";
import { retrieve } from "./retrieval.ts";
import type { History, SequenceModel } from "./sequence-model.ts";
import { utilityOf } from "./utility.ts";

/** Keys and values, and what they are of. */
export interface CachedHistory extends Held {
  readonly history: History;
  /** Of all its tokens: see `KnownHistory.prints`. */
  readonly print: string;
}

export interface CascadeAnswer {
  readonly ids: readonly string[];
  /** k × actions. */
  readonly probabilities: Float32Array;
  /** Inner products of the retrieval. */
  readonly similarities: Float32Array;
  /** Revision of the table. */
  readonly table: string;
  /** Tokens whose keys and values were there already. */
  readonly reused: number;
  /** Milliseconds of each stage. */
  readonly millis: Readonly<Record<Stage, number>>;
}

export const STAGES = ["history", "retrieval", "candidates"] as const;
export type Stage = (typeof STAGES)[number];

/** The table has none of the items that somebody did something with. */
export class UnknownHistoryError extends Problem {
  constructor() {
    super({
      status: 422,
      code: "unknown-history",
      title: "No item of the history is known",
      detail: "The item table has none of the items in `items`.",
      hint: "Answer by another path: the items may be new, or gone.",
    });
  }
}

/** There is no table of items yet. */
export class NoItemTableError extends Problem {
  constructor(why?: string) {
    super({
      status: 503,
      code: "no-item-table",
      title: "There is no item table yet",
      detail: why === undefined ? "The items are being pulled." : `The items could not be pulled: ${why}`,
      hint: "Retry later; `--catalog` says where the origin pulls the items from.",
      retryAfter: 5,
    });
  }
}

export interface CascadeOptions {
  readonly model: SequenceModel;
  readonly pool: KvPool<CachedHistory>;
  /** The present table. Each request keeps the one that it began with. */
  table(): ItemTable | undefined;
  /** Why there is none. */
  problem?(): string | undefined;
  /** Milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export class Cascade {
  readonly #options: CascadeOptions;
  /** Of each person, the request that is to end before the next begins. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: CascadeOptions) {
    this.#options = options;
  }

  /**
   * Requests of one person run one after the other, so that each finds what the one before has left.
   * @param deadline in ms since 1970: no stage begins after it
   * @throws {NoItemTableError} {UnknownHistoryError} {DeadlineExceededError} {InferenceError}
   */
  rank(request: CascadeRequest, deadline = Number.POSITIVE_INFINITY): Promise<CascadeAnswer> {
    const before = this.#turns.get(request.user) ?? Promise.resolve();
    const answer = before.then(() => this.#rank(request, deadline));
    const end = answer.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(request.user, end);
    void end.then(() => {
      if (this.#turns.get(request.user) === end) this.#turns.delete(request.user);
    });
    return answer;
  }

  async #rank(request: CascadeRequest, deadline: number): Promise<CascadeAnswer> {
    const { model, table: current, problem } = this.#options;
    const table = current();
    if (!table) throw new NoItemTableError(problem?.());
    this.#assertTime(deadline, "history");
    const started = performance.now();
    const known = knownHistory(request, table, model.manifest);
    if (!known) throw new UnknownHistoryError();
    const { lease, reused } = await this.#history(request.user, known);
    try {
      const prefilled = performance.now();
      this.#assertTime(deadline, "retrieval");
      const { history } = lease.entry;
      const { max_candidates: most } = model.manifest;
      const ranked = Math.min(most, Math.max(request.limit, RANKED_CANDIDATES));
      const found = retrieve(table, history.query, excludedRows(request, table, known), ranked);
      const retrieved = performance.now();
      this.#assertTime(deadline, "candidates");
      const surface = model.manifest.surfaces.indexOf(request.surface);
      const moment = { gap: known.gap, surface };
      const probabilities =
        found.rows.length === 0
          ? new Float32Array(0)
          : await model.candidates(table.vectors(found.rows), moment, history).catch((error) => {
              // Should the device have lost the keys and values, the next request is not to find them.
              this.#options.pool.drop(this.#key(request.user));
              throw error;
            });
      const millis = {
        history: prefilled - started,
        retrieval: retrieved - prefilled,
        candidates: performance.now() - retrieved,
      };
      return {
        ...ordered(table, found, probabilities, request.limit),
        table: table.revision,
        reused,
        millis,
      };
    } finally {
      lease.end();
    }
  }

  /** Keys and values of a history: those that are there, with what is new, else all anew. */
  async #history(
    user: string,
    known: KnownHistory,
  ): Promise<{ readonly lease: Lease<CachedHistory>; readonly reused: number }> {
    const { model, pool } = this.#options;
    const key = this.#key(user);
    const print = known.prints.at(-1)!;
    const past = pool.get(key);
    try {
      const reused = past?.entry.history.length ?? 0;
      if (past && known.prints[reused - 1] === past.entry.print) {
        if (reused === known.length) return { lease: past, reused };
        // What a device has lost is made anew.
        const more = await model.history(known.from(reused), past.entry.history).catch(() => undefined);
        if (more) return { lease: pool.put(key, cached(more, print)), reused };
      }
      const history = await model.history(known.from(0));
      return { lease: pool.put(key, cached(history, print)), reused: 0 };
    } finally {
      if (past?.entry.print !== print) past?.end();
    }
  }

  #key(user: string): string {
    return `${pinnedName(this.#options.model.manifest)}\n${user}`;
  }

  #assertTime(deadline: number, stage: Stage): void {
    const { clock = Date.now } = this.#options;
    if (clock() < deadline) return;
    throw new DeadlineExceededError(`The deadline passed before stage ${stage} could start.`);
  }
}

function cached(history: History, print: string): CachedHistory {
  return { history, print, bytes: history.bytes, dispose: () => history.dispose() };
}

function excludedRows(request: CascadeRequest, table: ItemTable, known: KnownHistory): Set<number> {
  const excluded = new Set<number>(known.rows);
  for (const id of [...request.exclude, ...request.items]) {
    const row = table.rowOf(id);
    if (row !== undefined) excluded.add(row);
  }
  return excluded;
}

/** The best `limit` by utility; of equal ones the more similar first. */
function ordered(
  table: ItemTable,
  { rows, similarities }: ReturnType<typeof retrieve>,
  probabilities: Float32Array,
  limit: number,
): Pick<CascadeAnswer, "ids" | "probabilities" | "similarities"> {
  const width = rows.length === 0 ? 0 : probabilities.length / rows.length;
  const own = (place: number) => probabilities.subarray(place * width, (place + 1) * width);
  const utilities = Array.from(rows, (_, place) => utilityOf(own(place)));
  const order = [...rows.keys()].sort((a, b) => utilities[b]! - utilities[a]! || a - b).slice(0, limit);
  const sorted = new Float32Array(order.length * width);
  for (const [at, place] of order.entries()) sorted.set(own(place), at * width);
  return {
    ids: order.map((place) => table.idOf(rows[place]!)),
    probabilities: sorted,
    similarities: Float32Array.from(order, (place) => similarities[place]!),
  };
}
