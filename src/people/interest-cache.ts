/** A person's clusters, made in their own object: once for each change of what they did, not for each request. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { Space } from "../catalog/shard/protocol.ts";
import { DIMENSIONS } from "../catalog/vector-index.ts";
import type { Embedding } from "../vision/unified-embedding.ts";
import { WEIGHTS } from "./event.ts";
import { INTEREST_SPACES, INTERESTS_FRESH_MS, PARTIAL_FRESH_MS } from "./limits.ts";
import type { RecentAction } from "./person.ts";
import { interestsOf } from "./pinnersage.ts";

/** Some of what a person acted on, alike in a space. */
export interface ItemInterest {
  /** The item in its middle. */
  readonly medoid: string;
  /** Items acted on, the latest first. */
  readonly items: readonly string[];
  /** Share of all, 0 … 1. */
  readonly importance: number;
}

/** Vectors of items in one space, in the order of the ids; nothing where there is none. */
export interface ItemVectors {
  readonly ids: readonly string[];
  readonly vectors: readonly (Embedding | undefined)[];
}

export type InterestAnswer =
  /** The most important first. */
  | { readonly known: true; readonly interests: readonly ItemInterest[] }
  /** Ask again with the vectors of these items. */
  | { readonly known: false; readonly wanted: readonly string[] };

/** Keeps results, and never vectors: those are there while they are clustered, 1 MiB for 1,000 items. */
export class InterestCache {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** What is known of a space; nothing after an action, or once it is too old. */
  get(space: Space, now = Date.now()): readonly ItemInterest[] | undefined {
    const query = "SELECT clusters FROM interests WHERE space = ? AND until > ?";
    const [row] = this.#sql.exec<{ clusters: string }>(query, keyOf(space), now).toArray();
    return row && (JSON.parse(row.clusters) as ItemInterest[]);
  }

  /**
   * Clusters what was done lately, and keeps the result unless something was done since the vectors were asked for.
   *
   * @param recent the latest first
   * @throws RangeError when a component is not finite
   */
  make(
    space: Space,
    recent: readonly RecentAction[],
    { ids, vectors }: ItemVectors,
    now = Date.now(),
  ): readonly ItemInterest[] {
    const byId = new Map(ids.map((id, at) => [id, vectors[at]]));
    const interests = clustersOf(recent, byId, space.dimensions ?? DIMENSIONS, now);
    if (recent.every(({ item }) => byId.has(item))) {
      const partial = recent.some(({ item }) => byId.get(item) === undefined);
      this.#keep(space, interests, now + (partial ? PARTIAL_FRESH_MS : INTERESTS_FRESH_MS));
    }
    return interests;
  }

  /** Something was done. */
  clear(): void {
    this.#sql.exec("DELETE FROM interests");
  }

  #keep(space: Space, interests: readonly ItemInterest[], until: number): void {
    const write = "INSERT OR REPLACE INTO interests VALUES (?, ?, ?)";
    this.#sql.exec(write, keyOf(space), until, JSON.stringify(interests));
    this.#sql.exec(
      "DELETE FROM interests WHERE space IN (SELECT space FROM interests ORDER BY until DESC LIMIT -1 OFFSET ?)",
      INTEREST_SPACES,
    );
  }
}

function keyOf({ model, revision }: Space): string {
  return `${model}@${revision}`;
}

function clustersOf(
  recent: readonly RecentAction[],
  byId: ReadonlyMap<string, Embedding | undefined>,
  dimensions: number,
  now: number,
): ItemInterest[] {
  const actions = recent.flatMap((one) => {
    const vector = byId.get(one.item);
    return vector ? { ...one, vector } : [];
  });
  const rows = new Float32Array(actions.length * dimensions);
  for (const [at, { vector }] of actions.entries()) rows.set(vector, at * dimensions);
  const weighed = actions.map(({ at, action }) => ({ at, weight: WEIGHTS[action] }));
  const interests = interestsOf(rows, dimensions, weighed, { now });
  const total = interests.reduce((sum, { importance }) => sum + importance, 0);
  return interests.map(({ medoid, members, importance }) => ({
    medoid: actions[medoid]!.item,
    items: [...new Set(members.map((member) => actions[member]!.item))],
    importance: importance / total,
  }));
}
