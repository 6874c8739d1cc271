/** What can be filtered by: the attributes and values of the items that were seen so far. */
import type { AttributeValue, Filter, Item } from "../../../../src/client/index.ts";

/** More than these are no help in a menu. */
const MAX_FACETS = 5;
const MAX_VALUES = 40;

export interface Facet {
  readonly name: string;
  /** In alphabetical order. */
  readonly values: readonly string[];
}

export class Facets {
  readonly #seen = new Set<string>();
  /** Attribute → value → how often. */
  readonly #counts = new Map<string, Map<string, number>>();

  /** Answers whether there is anything new. */
  learn(items: readonly Item[]): boolean {
    const fresh = items.filter(({ id }) => !this.#seen.has(id));
    for (const { id, attributes = {} } of fresh) {
      this.#seen.add(id);
      for (const [name, value] of Object.entries(attributes)) this.#count(name, value);
    }
    return fresh.length > 0;
  }

  /** The attributes that most items have and that tell them apart. */
  list(): Facet[] {
    return [...this.#counts]
      .filter(([, values]) => values.size > 1 && values.size <= MAX_VALUES)
      .map(([name, values]) => ({ name, values: [...values.keys()].sort(), seen: total(values) }))
      .sort((one, other) => other.seen - one.seen)
      .slice(0, MAX_FACETS);
  }

  #count(name: string, value: AttributeValue): void {
    const values = this.#counts.get(name) ?? new Map<string, number>();
    this.#counts.set(name, values);
    for (const one of [value].flat()) {
      if (typeof one === "string") values.set(one, (values.get(one) ?? 0) + 1);
    }
  }
}

function total(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((sum, count) => sum + count, 0);
}

const ATTRIBUTE = "a.";

/** The parameter that holds the wanted value of an attribute. */
export function attributeParam(name: string): string {
  return ATTRIBUTE + name;
}

/** Reads the filter from an address; undefined where there is none. */
export function filterOf(params: URLSearchParams): Filter | undefined {
  const category = params.get("category") ?? undefined;
  const min = amount(params.get("min"));
  const max = amount(params.get("max"));
  const attributes: Record<string, string> = {};
  for (const [name, value] of params) {
    if (name.startsWith(ATTRIBUTE) && value !== "") attributes[name.slice(ATTRIBUTE.length)] = value;
  }
  const filter: Filter = {
    ...(category && { category }),
    ...((min !== undefined || max !== undefined) && { price: { min, max } }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

/** The same address without its filter. */
export function withoutFilter(params: URLSearchParams): URLSearchParams {
  const isFilter = (name: string) => ["category", "min", "max"].includes(name) || name.startsWith(ATTRIBUTE);
  return new URLSearchParams([...params].filter(([name]) => !isFilter(name)));
}

function amount(text: string | null): number | undefined {
  const value = Number(text ?? "");
  return text === null || text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}
