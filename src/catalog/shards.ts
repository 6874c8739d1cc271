/** All shards of a catalogue, as one place to call. */
import { CatalogUnavailableError } from "./errors.ts";
import { shardOf } from "./routing.ts";
import type { CatalogShard } from "./shard/catalog-shard.ts";

/** A shard's methods, called from another isolate. */
export type ShardStub = Pick<
  CatalogShard,
  | "put"
  | "delete"
  | "get"
  | "list"
  | "search"
  | "neighbours"
  | "starters"
  | "countActions"
  | "likeness"
  | "vectors"
  | "listVectors"
  | "vectorChanges"
  | "duplicates"
  | "claim"
  | "finish"
  | "fail"
  | "retry"
  | "stats"
  | "completeness"
  | "categories"
  | "removeSpace"
>;

/** What is used of a Durable Object namespace. */
export interface ShardNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): unknown;
}

/** A deployment starts with four: some three million items, and few enough to ask all of them at every search. */
export const DEFAULT_SHARDS = 4;

/** @typeParam Stub what can be asked of a shard */
export class Shards<Stub = ShardStub> {
  readonly count: number;
  readonly #namespace: ShardNamespace;

  constructor(namespace: ShardNamespace, count: number = DEFAULT_SHARDS) {
    if (!Number.isInteger(count) || count < 1)
      throw new RangeError(`${count} shards: at least one is needed`);
    this.#namespace = namespace;
    this.count = count;
  }

  /** The number of the shard where an item lives. */
  of(id: string): number {
    return shardOf(id, this.count);
  }

  /** Items by the number of their shard. */
  groups(ids: readonly string[]): Map<number, string[]> {
    const groups = new Map<number, string[]>();
    for (const id of ids) {
      const shard = this.of(id);
      const group = groups.get(shard);
      if (group) group.push(id);
      else groups.set(shard, [id]);
    }
    return groups;
  }

  /** Calls the shard of an item. @throws {CatalogUnavailableError} */
  one<Result>(id: string, call: (shard: Stub) => Promise<Result>): Promise<Result> {
    return this.at(this.of(id), call);
  }

  /**
   * Calls one shard. When the platform says so (a shard that moved, or was replaced by a new deployment), once more:
   * every method may be repeated.
   * @throws {CatalogUnavailableError}
   */
  async at<Result>(shard: number, call: (shard: Stub) => Promise<Result>): Promise<Result> {
    try {
      return await call(this.#stub(shard));
    } catch (first) {
      if (!isRetryable(first)) throw new CatalogUnavailableError(shard, first);
      return await call(this.#stub(shard)).catch((second) => {
        throw new CatalogUnavailableError(shard, second);
      });
    }
  }

  /** Calls all shards at once. @throws {CatalogUnavailableError} when one fails: half an answer would look whole. */
  all<Result>(call: (shard: Stub) => Promise<Result>): Promise<Result[]> {
    return Promise.all(Array.from({ length: this.count }, (_, shard) => this.at(shard, call)));
  }

  /** Calls each shard that has some of the items, with those; answers in the order of the items. */
  async each<Input, Result>(
    inputs: readonly Input[],
    idOf: (input: Input) => string,
    call: (shard: Stub, some: Input[]) => Promise<Result[]>,
  ): Promise<Result[]> {
    const places = new Map<number, number[]>();
    for (const [place, input] of inputs.entries()) {
      const shard = this.of(idOf(input));
      places.set(shard, [...(places.get(shard) ?? []), place]);
    }
    const results = new Array<Result>(inputs.length);
    await Promise.all(
      [...places].map(async ([shard, some]) => {
        const answers = await this.at(shard, (stub) =>
          call(
            stub,
            some.map((place) => inputs[place]!),
          ),
        );
        for (const [at, place] of some.entries()) results[place] = answers[at]!;
      }),
    );
    return results;
  }

  #stub(shard: number): Stub {
    return this.#namespace.get(this.#namespace.idFromName(`shard-${shard}`)) as Stub;
  }
}

/** What Durable Objects say of their errors: worth another try, unless they have too much to do. */
function isRetryable(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
  return retryable === true && overloaded !== true;
}
