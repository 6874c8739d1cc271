/** What it costs to rank k candidates after n actions: by reading all again, or on keys and values that are there. */
import { join } from "node:path";
import type { World } from "./cascades.ts";
import { type Engine, type Feeds, Graph, integerTensor, readStart, type Tensor } from "./graphs.ts";
import { floats } from "./half.ts";
import { histories, moment } from "./inputs.ts";
import { rounds } from "./results.ts";

export const FULL = ["full-split", "full-dense"] as const;

export interface Fed {
  readonly history: Feeds;
  readonly tokens: Feeds;
  readonly candidates: Tensor;
  readonly moment: Feeds;
  readonly lengths: Tensor;
}

/** One batch of users with candidates drawn from the catalogue. */
export async function fed(world: World, batch: number, seed = 1): Promise<Fed> {
  const { engine, n, k, table } = world;
  const tokens = histories(table, engine, world.sizes, batch, n, seed);
  const step = Math.max(1, Math.floor(table.count / (batch * k)));
  return {
    tokens,
    history: { ...tokens, ...(await readStart(world.folder, engine, world.sizes, batch)) },
    candidates: table.tensor(
      Array.from({ length: batch * k }, (_, at) => (at * step) % table.count),
      batch,
    ),
    moment: moment(engine, batch),
    lengths: integerTensor(Array(batch).fill(n + 1), [batch]),
  };
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** Contestants of one form: `full-…`, keys and values through the CPU and on the GPU; `history` makes them. */
export class Ranking {
  private readonly closing: Graph[] = [];

  constructor(
    readonly world: World,
    readonly form: string,
  ) {}

  private async open(name: string, kept: readonly string[] = []): Promise<Graph> {
    const graph = await Graph.open(join(this.world.folder, "..", this.form), name, this.world.engine, kept);
    this.closing.push(graph);
    return graph;
  }

  async full(kind: (typeof FULL)[number], batch: number): Promise<() => Promise<number>> {
    const graph = await this.open(kind);
    const { tokens, candidates, moment: when } = await fed(this.world, batch);
    return () => timed(() => graph.run({ ...tokens, candidates, ...when }));
  }

  /** The keys and values are made once, before. */
  async onCaches(where: "gpu" | "cpu", batch: number): Promise<() => Promise<number>> {
    const history = await this.open("history", where === "gpu" ? ["keys", "values"] : []);
    const graph = await this.open("candidates");
    const { history: feeds, candidates: items, moment: when, lengths } = await fed(this.world, batch);
    const { keys, values } = (await history.run(feeds)) as Record<"keys" | "values", Tensor>;
    return () => timed(() => graph.run({ items, ...when, keys, values, lengths }));
  }

  async history(batch: number): Promise<() => Promise<number>> {
    const graph = await this.open("history", ["keys", "values"]);
    const { history } = await fed(this.world, batch);
    return () =>
      timed(async () => {
        const { keys, values } = (await graph.run(history)) as Record<"keys" | "values", Tensor>;
        keys.dispose();
        values.dispose();
      });
  }

  async close(): Promise<void> {
    for (const graph of this.closing.splice(0)) await graph.close();
  }
}

/** Medians of every form; what cannot run is said on stderr and left out. */
export async function rankingFigures(world: World, forms: readonly string[], count: number) {
  const rankings: Ranking[] = [];
  const contestants = new Map<string, () => Promise<number>>();
  const add = async (name: string, start: () => Promise<() => Promise<number>>) => {
    try {
      const measure = await start();
      await measure();
      contestants.set(name, measure);
    } catch (error) {
      console.error(`${name}: ${error}`);
    }
  };
  for (const form of forms) {
    const ranking = new Ranking(world, form);
    rankings.push(ranking);
    await add(`history, ${form}`, () => ranking.history(1));
    for (const kind of FULL) await add(`${kind}, ${form}`, () => ranking.full(kind, 1));
    await add(`keys and values through the CPU, ${form}`, () => ranking.onCaches("cpu", 1));
    await add(`keys and values on the GPU, ${form}`, () => ranking.onCaches("gpu", 1));
  }
  const figures = await rounds(contestants, count);
  for (const ranking of rankings) await ranking.close();
  return figures;
}

/** The form of the least median among those whose names begin so, and its whole name. */
export function best(
  figures: ReadonlyMap<string, readonly number[]>,
  start: string,
): { name: string; form: string } {
  const middle = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1]!;
  const candidates = [...figures].filter(([name]) => name.startsWith(start));
  const [name] = candidates.reduce((a, b) => (middle(a[1]) <= middle(b[1]) ? a : b));
  return { name, form: name.split(", ").at(-1)! };
}

/** Probabilities [k × C] of one user's candidates by two steps, and by one graph. */
export async function answers(
  world: World,
  form: string,
  full: boolean,
): Promise<{ steps: Float32Array; full?: Float32Array }> {
  const folder = join(world.folder, "..", form);
  const { history, tokens, candidates: items, moment: when, lengths } = await fed(world, 1);
  const first = await Graph.open(folder, "history", world.engine, ["keys", "values"]);
  const second = await Graph.open(folder, "candidates", world.engine);
  const { keys, values } = (await first.run(history)) as Record<"keys" | "values", Tensor>;
  const ranked = await second.run({ items, ...when, keys, values, lengths });
  const steps = numbers(ranked.probabilities!, world.engine);
  await first.close();
  await second.close();
  if (!full) return { steps };
  const whole = await Graph.open(folder, "full-split", world.engine);
  const said = await whole.run({ ...tokens, candidates: items, ...when });
  await whole.close();
  return { steps, full: numbers(said.probabilities!, world.engine) };
}

function numbers(tensor: Tensor, engine: Engine): Float32Array {
  return engine.precision === "fp16" ? floats(tensor.data as Uint16Array) : (tensor.data as Float32Array);
}
