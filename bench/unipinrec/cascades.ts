/** Retrieval and ranking for a batch of users: on shared keys and values, or by two models of their own. */
import { createRequire } from "node:module";
import {
  type Engine,
  type Feeds,
  Graph,
  integerTensor,
  readStart,
  type Sizes,
  type Tensor,
} from "./graphs.ts";
import { floats } from "./half.ts";
import { histories, ItemTable, moment, randomNumbers, unitVectors } from "./inputs.ts";

interface Index {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  search(vectors: Float32Array, k: number, threads: number): { keys: BigUint64Array };
}

/** What all contestants share: items, their index, histories. */
export interface World {
  readonly engine: Engine;
  readonly sizes: Sizes;
  readonly n: number;
  readonly k: number;
  readonly folder: string;
  readonly table: ItemTable;
  readonly index: Index;
  readonly threads: number;
}

export interface WorldOptions extends Pick<World, "engine" | "sizes" | "n" | "k" | "folder" | "threads"> {
  /** Items in the catalogue. */
  readonly items: number;
}

/** usearch's HNSW over bfloat16, on the CPU. */
export function makeWorld({ items, ...rest }: WorldOptions): World {
  const { Index } = createRequire(import.meta.url)("usearch") as { Index: new (options: object) => Index };
  const { dimensions } = rest.sizes;
  const vectors = unitVectors(items, dimensions, randomNumbers(7));
  const index = new Index({ dimensions, metric: "ip", quantization: "bf16", expansion_search: rest.k });
  index.add(
    BigUint64Array.from({ length: items }, (_, key) => BigInt(key)),
    vectors,
    rest.threads,
  );
  return { ...rest, table: new ItemTable(vectors, rest.engine, dimensions), index };
}

/** Milliseconds of the parts of one batch. */
export type Stages = Record<string, number>;

export interface Cascade {
  /** Runs the batch whose histories are those of the seed. */
  serve(batch: number, seed: number): Promise<Stages>;
  close(): Promise<void>;
}

const HISTORIES = 8;

abstract class Served {
  private readonly drawn = new Map<string, Feeds>();

  constructor(protected readonly world: World) {}

  /** Histories are made once for a batch size: making them is no part of what is timed. */
  protected async histories(batch: number, seed: number): Promise<Feeds> {
    const { world } = this;
    const key = `${batch}/${seed % HISTORIES}`;
    const known = this.drawn.get(key);
    if (known) return known;
    const start = await readStart(world.folder, world.engine, world.sizes, batch);
    const made = {
      ...histories(world.table, world.engine, world.sizes, batch, world.n, seed % HISTORIES),
      ...start,
    };
    this.drawn.set(key, made);
    return made;
  }

  /** Vectors of the k items nearest to each query [B, k, D]. */
  protected retrieved(query: Tensor, batch: number): Tensor {
    const { world } = this;
    const data = query.data as Float32Array | Uint16Array;
    const { keys } = world.index.search(
      data instanceof Float32Array ? data : floats(data),
      world.k,
      Math.min(batch, world.threads),
    );
    return world.table.tensor(keys, batch);
  }
}

function stopwatch(): { lap(name: string): void; laps: Stages } {
  const laps: Stages = {};
  let last = performance.now();
  const lap = (name: string) => {
    const now = performance.now();
    laps[name] = now - last;
    last = now;
  };
  return { lap, laps };
}

/** One model: candidates are ranked on the keys and values of the history that made the query. */
export class SharedCascade extends Served implements Cascade {
  private constructor(
    world: World,
    private readonly history: Graph,
    private readonly candidates: Graph,
  ) {
    super(world);
  }

  static async open(world: World, history = world.folder, candidates = world.folder): Promise<SharedCascade> {
    return new SharedCascade(
      world,
      await Graph.open(history, "history", world.engine, ["keys", "values"]),
      await Graph.open(candidates, "candidates", world.engine),
    );
  }

  async serve(batch: number, seed: number): Promise<Stages> {
    const { world } = this;
    const feeds = await this.histories(batch, seed);
    const { lap, laps } = stopwatch();
    const { query, keys, values } = (await this.history.run(feeds)) as Record<
      "query" | "keys" | "values",
      Tensor
    >;
    lap("history");
    const items = this.retrieved(query, batch);
    lap("retrieval");
    const lengths = integerTensor(Array(batch).fill(world.n + 1), [batch]);
    await this.candidates.run({ items, ...moment(world.engine, batch), keys, values, lengths });
    keys.dispose();
    values.dispose();
    lap("ranking");
    return laps;
  }

  async close(): Promise<void> {
    await this.history.close();
    await this.candidates.close();
  }
}

/** A retrieval model and a ranking model, each of which reads the history. */
export class IndependentCascade extends Served implements Cascade {
  private constructor(
    world: World,
    private readonly retrieval: Graph,
    private readonly ranking: Graph,
  ) {
    super(world);
  }

  static async open(world: World, history: string, full: string, kind: string): Promise<IndependentCascade> {
    return new IndependentCascade(
      world,
      await Graph.open(history, "retrieval", world.engine),
      await Graph.open(full, kind, world.engine),
    );
  }

  async serve(batch: number, seed: number): Promise<Stages> {
    const { world } = this;
    const feeds = await this.histories(batch, seed);
    const { lap, laps } = stopwatch();
    const { query } = (await this.retrieval.run(feeds)) as Record<"query", Tensor>;
    lap("history");
    const candidates = this.retrieved(query, batch);
    lap("retrieval");
    const { past_keys: _keys, past_values: _values, ...tokens } = feeds;
    await this.ranking.run({ ...tokens, candidates, ...moment(world.engine, batch) });
    lap("ranking");
    return laps;
  }

  async close(): Promise<void> {
    await this.retrieval.close();
    await this.ranking.close();
  }
}
