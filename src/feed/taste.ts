/** What the edge knows of a person: what they did lately, with vectors, and the interests that it comes to. */
import type { Catalog } from "../catalog/catalog.ts";
import type { Space } from "../catalog/shard/protocol.ts";
import { DIMENSIONS } from "../catalog/vector-index.ts";
import { WEIGHTS } from "../people/event.ts";
import type { FeedState, KeptAction } from "../people/feed-memory.ts";
import { type Interest, interestsOf } from "../people/pinnersage.ts";
import type { RankingContext } from "./features.ts";
import { type LikedAction, likedActions } from "./history.ts";
import { CLUSTERED_ACTIONS, RANKED_HIDES } from "./limits.ts";

/** An action with its item's vector. */
type Known<Action> = Action & { readonly vector: Float32Array<ArrayBuffer> };

export interface Taste {
  /** Whose vectors these are. */
  readonly space: Space;
  /** What was liked, the latest first; at least one. */
  readonly actions: readonly Known<LikedAction>[];
  /** The most important first; medoids and members are indices of `actions`, importances shares of all. */
  readonly interests: readonly Interest[];
  /** What the ranker hears of them. */
  readonly context: RankingContext;
}

/**
 * Nothing for somebody who has liked no item that has a vector. The interests are made here of the latest 256 actions,
 * not read from the person's object, which keeps clusters of all 1,000: those are made anew after each action, ten
 * times the work, and the ranker, which learned from interests of as many, needs the vectors of these actions anyway.
 *
 * @throws {CatalogUnavailableError}
 */
export async function tasteOf(
  { actions: all, now }: FeedState,
  catalog: Pick<Catalog, "serving" | "vectors">,
): Promise<Taste | undefined> {
  const liked = likedActions(all).slice(0, CLUSTERED_ACTIONS);
  if (liked.length === 0) return undefined;
  const serving = await catalog.serving();
  const space = serving.item ?? serving.picture;
  const hides = all.filter(({ action }) => action === "hide").slice(0, RANKED_HIDES);
  const ids = [...new Set([...liked, ...hides].map(({ item }) => item))];
  const found = await catalog.vectors(ids, space);
  const vectors = new Map(ids.map((id, at) => [id, found[at]]));
  const actions = known(liked, vectors);
  if (actions.length === 0) return undefined;
  const interests = clustered(actions, space, now);
  const context = {
    interests: interests.map(({ medoid, importance }) => ({ vector: actions[medoid]!.vector, importance })),
    actions: [...actions, ...known(hides, vectors)],
    now,
  };
  return { space, actions, interests, context };
}

type Vectors = ReadonlyMap<string, Float32Array<ArrayBuffer> | undefined>;

/** Actions on items that have vectors, with these. */
function known<Action extends KeptAction>(actions: readonly Action[], vectors: Vectors): Known<Action>[] {
  return actions.flatMap((action) => {
    const vector = vectors.get(action.item);
    return vector ? { ...action, vector } : [];
  });
}

function clustered(
  actions: readonly Known<LikedAction>[],
  { dimensions = DIMENSIONS }: Space,
  now: number,
): Interest[] {
  const vectors = new Float32Array(actions.length * dimensions);
  for (const [at, { vector }] of actions.entries()) vectors.set(vector, at * dimensions);
  const weighed = actions.map(({ at, action }) => ({ at, weight: WEIGHTS[action] }));
  const interests = interestsOf(vectors, dimensions, weighed, { now });
  const total = interests.reduce((sum, { importance }) => sum + importance, 0);
  return interests.map((one) => ({ ...one, importance: total > 0 ? one.importance / total : 0 }));
}
