/** How many items have a picture that is nearly another's, counted now and then. */
import type { Catalog } from "../../catalog/catalog.ts";
import { DUPLICATES_KNOWN_FOR_MS, MAX_COUNTED_FOR_DUPLICATES } from "./limits.ts";

export class DuplicateCount {
  readonly #catalog: Pick<Catalog, "duplicates">;
  #known: { readonly count: Promise<number>; readonly since: number } | undefined;

  constructor(catalog: Pick<Catalog, "duplicates">) {
    this.#catalog = catalog;
  }

  /** Nothing when there are too many items to count. @param items with vectors, as counted just now */
  async of(items: number): Promise<number | null> {
    if (items > MAX_COUNTED_FOR_DUPLICATES) return null;
    if (items < 2) return 0;
    const known = this.#known;
    if (known && Date.now() - known.since < DUPLICATES_KNOWN_FOR_MS) return known.count;
    const count = this.#count();
    this.#known = { count, since: Date.now() };
    count.catch(() => {
      this.#known = undefined;
    });
    return count;
  }

  async #count(): Promise<number> {
    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const { groups, next } = await this.#catalog.duplicates.report(cursor);
      for (const { id, duplicates } of groups) for (const one of [{ id }, ...duplicates]) ids.add(one.id);
      cursor = next;
    } while (cursor !== undefined);
    return ids.size;
  }
}
