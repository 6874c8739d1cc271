/** A catalogue and people in memory, for tests of the feed in Node: as much of both as the feed uses. */
import type { Neighbour, Starters } from "../../src/catalog/shard/protocol.ts";
import { Shards } from "../../src/catalog/shards.ts";
import { dot } from "../../src/catalog/vector-index.ts";
import type { FeedOptions } from "../../src/feed/feed.ts";
import type { FeedState, KeptAction, ServedImpression } from "../../src/people/feed-memory.ts";
import type { Embedding } from "../../src/vision/unified-embedding.ts";

export class MemoryCatalog {
  readonly items = new Map<string, Embedding>();
  readonly shards = new Shards(
    { idFromName: () => "only", get: () => this.#shard() } as ConstructorParameters<typeof Shards>[0],
    1,
  );

  /** Vectors of a circle: near numbers are near. */
  constructor(count: number) {
    for (let n = 0; n < count; n++) {
      const angle = (2 * Math.PI * n) / count;
      this.items.set(`item-${n}`, Float32Array.of(Math.cos(angle), Math.sin(angle)));
    }
  }

  async serving() {
    const picture = { model: "test", revision: "000000000001", dimensions: 2 };
    return { picture, look: undefined, item: undefined };
  }

  async vectors(ids: readonly string[]) {
    return ids.map((id) => this.items.get(id));
  }

  async getAll(ids: readonly string[]) {
    const at = new Date(0).toISOString();
    const rest = {
      image: {},
      state: { status: "embedded" },
      createdAt: at,
      updatedAt: at,
      version: 1,
    } as const;
    return ids.map((id) => (this.items.has(id) ? { id, ...rest } : undefined));
  }

  #shard() {
    const left = (exclude: readonly string[]) => [...this.items.keys()].filter((id) => !exclude.includes(id));
    return {
      neighbours: async (
        vectors: readonly Embedding[],
        limit: number,
        exclude: readonly string[],
      ): Promise<Neighbour[][]> =>
        vectors.map((vector) =>
          left(exclude)
            .map((id) => ({ id, vector: this.items.get(id)!, score: dot(vector, this.items.get(id)!) }))
            .sort((a, b) => b.score - a.score)
            .slice(0, limit),
        ),
      starters: async (limit: number, exclude: readonly string[]): Promise<Starters> => ({
        popular: [],
        newest: left(exclude)
          .slice(0, limit)
          .map((id) => ({ id, createdAt: 0, popularity: 0 })),
        drawn: [],
      }),
    };
  }
}

export class MemoryPeople {
  actions: KeptAction[] = [];
  hidden: string[] = [];
  readonly served: ServedImpression[] = [];
  now = Date.parse("2026-11-29T12:00:00Z");

  async feedState(): Promise<FeedState> {
    const shown = this.served.map(({ item }) => ({ item, at: this.now }));
    return { now: this.now, actions: this.actions, shown, hidden: this.hidden };
  }

  async serve(_: string, impressions: readonly ServedImpression[]): Promise<void> {
    this.served.push(...impressions);
  }
}

export function worldOf(count: number) {
  const catalog = new MemoryCatalog(count);
  const people = new MemoryPeople();
  return { catalog, people, options: { catalog, people } as unknown as FeedOptions };
}
