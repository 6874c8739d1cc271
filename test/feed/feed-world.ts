/** A catalogue with items and people, for tests of the feed in workerd. */
import { env } from "cloudflare:test";
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import { Feed, type FeedOptions } from "../../src/feed/feed.ts";
import type { Event } from "../../src/people/event.ts";
import { People } from "../../src/people/people.ts";
import { openCatalog, picture } from "../catalog/test-catalog.ts";

export const people = new People(env.PEOPLE as unknown as ShardNamespace);

export const CATEGORIES = ["vases", "lamps", "chairs", "rugs"];

/** `item-0` … `item-(count-1)`, all embedded, in four categories by turns. */
export async function catalogOf(count: number): Promise<Catalog> {
  const { catalog, deliver } = openCatalog();
  const entries = Array.from({ length: count }, (_, n) => n);
  for (const n of entries) {
    await catalog.put({
      id: `item-${n}`,
      fields: { title: `Item ${n}`, category: CATEGORIES[n % CATEGORIES.length]! },
      picture: { bytes: picture(n) },
    });
  }
  await deliver();
  return catalog;
}

export function feedOver(catalog: FeedOptions["catalog"], options: Partial<FeedOptions> = {}): Feed {
  return new Feed({ people, catalog, ...options });
}

let events = 0;

/** Actions of somebody, a second after one another, the last now. */
export async function act(
  user: string,
  ...actions: readonly (readonly [action: Event["action"], item: string, more?: Partial<Event>])[]
): Promise<void> {
  const now = Date.now();
  await people.record(
    actions.map(([action, item, more], at) => ({
      id: `act-${events++}`,
      user,
      item,
      action,
      at: new Date(now - (actions.length - at) * 1_000).toISOString(),
      ...more,
    })),
  );
}

export function someone(): string {
  return crypto.randomUUID();
}
