/** A person's interests in the catalogue: PinnerSage over the vectors of what they acted on. */
import type { Catalog } from "../catalog/catalog.ts";
import type { Item } from "../catalog/item.ts";
import type { Space } from "../catalog/shard/protocol.ts";
import type { ItemInterest } from "./interest-cache.ts";
import { INTEREST_COVER } from "./limits.ts";
import type { People } from "./people.ts";

export interface PersonInterest extends ItemInterest {
  /** The item that stands for it. */
  readonly item: Item;
  /** The latest of its items that the catalogue has, up to INTEREST_COVER. */
  readonly cover: readonly Item[];
}

interface Places {
  readonly people: Pick<People, "interests">;
  readonly catalog: Pick<Catalog, "serving" | "vectors" | "getAll">;
}

/**
 * Interests, the most important first. Actions on items without a vector count for none.
 * @throws {PersonUnavailableError} {CatalogUnavailableError}
 */
export async function interestsOfPerson(
  user: string,
  { people, catalog }: Places,
  limit: number,
): Promise<PersonInterest[]> {
  const { picture } = await catalog.serving();
  for (const again of [false, true]) {
    const interests = (await clustersOfPerson(user, picture, { people, catalog }, again)).slice(0, limit);
    const shown = interests.flatMap(({ medoid, items }) => [medoid, ...items.slice(0, INTEREST_COVER)]);
    const ids = [...new Set(shown)];
    const found = await catalog.getAll(ids);
    const byId = new Map(ids.map((id, at) => [id, found[at]]));
    // A medoid that has left the catalogue takes its cluster with it: they are made anew, without that item.
    if (again || interests.every(({ medoid }) => byId.get(medoid))) {
      return interests.flatMap((one) => {
        const item = byId.get(one.medoid);
        const cover = one.items.slice(0, INTEREST_COVER).flatMap((id) => byId.get(id) ?? []);
        return item ? { ...one, item, cover } : [];
      });
    }
  }
  return [];
}

/**
 * Clusters of what somebody did, in a space: asks their object, which asks back for vectors only when something has
 * changed.
 *
 * @param again make them anew
 * @throws {PersonUnavailableError} {CatalogUnavailableError}
 */
export async function clustersOfPerson(
  user: string,
  space: Space,
  { people, catalog }: { readonly people: Places["people"]; readonly catalog: Pick<Catalog, "vectors"> },
  again = false,
): Promise<readonly ItemInterest[]> {
  const first = await people.interests(user, space, undefined, again);
  if (first.known) return first.interests;
  const vectors = await catalog.vectors(first.wanted, space);
  const second = await people.interests(user, space, { ids: first.wanted, vectors });
  return second.known ? second.interests : [];
}
