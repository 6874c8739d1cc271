/** 100 queries in words, made of what is true of the pictures: kinds, and kinds with a colour or material. */
import { shuffled } from "../photographs/pack.ts";
import type { Labelled } from "./catalogue.ts";

export interface Query {
  readonly text: string;
  readonly kind: "category" | "category and attribute";
  readonly relevant: ReadonlySet<string>;
}

const CATEGORIES = 60;
const ATTRIBUTES = 40;

/** Fewer relevant pictures say little about the first ten. */
const MIN_RELEVANT = 5;

export function queriesOf(pictures: readonly Labelled[]): Query[] {
  const byKind = new Map<string, Set<string>>();
  const byBoth = new Map<string, Set<string>>();
  const add = (map: Map<string, Set<string>>, text: string, id: string) =>
    map.set(text, (map.get(text) ?? new Set()).add(id));
  for (const { id, truth } of pictures) {
    for (const kind of truth.kinds) {
      add(byKind, kind, id);
      for (const colour of truth.colours) add(byBoth, `${colour} ${kind}`, id);
    }
  }
  const enough = (map: Map<string, Set<string>>, kind: Query["kind"], count: number): Query[] => {
    const all = [...map].filter(([, relevant]) => relevant.size >= MIN_RELEVANT).sort(byText);
    if (all.length < count) throw new RangeError(`${all.length} queries by ${kind}, not ${count}`);
    return shuffled(all)
      .slice(0, count)
      .map(([text, relevant]) => ({ text, kind, relevant }));
  };
  return [...enough(byKind, "category", CATEGORIES), ...enough(byBoth, "category and attribute", ATTRIBUTES)];
}

function byText([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
