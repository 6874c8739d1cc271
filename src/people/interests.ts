/** A person's interests in the catalogue: PinnerSage over the vectors of what they acted on. */
import type { Catalog } from "../catalog/catalog.ts";
import type { Item } from "../catalog/item.ts";
import { DIMENSIONS } from "../catalog/vector-index.ts";
import { WEIGHTS } from "./event.ts";
import type { People } from "./people.ts";
import { interestsOf } from "./pinnersage.ts";

export interface PersonInterest {
  /** Of the item that stands for it. */
  readonly medoid: string;
  readonly item: Item;
  /** Ids of the items acted on, the latest first. */
  readonly items: readonly string[];
  /** Share of all, 0 … 1. */
  readonly importance: number;
}

/** Interests, the most important first. Actions on items without a vector count for none. */
export async function interestsOfPerson(
  user: string,
  { people, catalog }: { readonly people: People; readonly catalog: Catalog },
  limit: number,
): Promise<PersonInterest[]> {
  const recent = await people.recent(user);
  const { picture } = await catalog.serving();
  const ids = [...new Set(recent.map(({ item }) => item))];
  const found = await catalog.vectors(ids, picture);
  const byId = new Map(ids.flatMap((id, at) => (found[at] ? [[id, found[at]] as const] : [])));
  const actions = recent.filter(({ item }) => byId.has(item));
  const { dimensions = DIMENSIONS } = picture;
  const vectors = new Float32Array(actions.length * dimensions);
  for (const [at, { item }] of actions.entries()) vectors.set(byId.get(item)!, at * dimensions);
  const interests = interestsOf(
    vectors,
    dimensions,
    actions.map(({ at, action }) => ({ at, weight: WEIGHTS[action] })),
  );
  const total = interests.reduce((sum, { importance }) => sum + importance, 0);
  const chosen = interests.slice(0, limit);
  const items = await catalog.getAll(chosen.map(({ medoid }) => actions[medoid]!.item));
  return chosen.flatMap(({ members, importance }, at) => {
    const item = items[at];
    if (!item) return [];
    const acted = [...new Set(members.map((member) => actions[member]!.item))];
    return { medoid: item.id, item, items: acted, importance: importance / total };
  });
}
