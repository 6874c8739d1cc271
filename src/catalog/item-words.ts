/** The words of an item, as models read them. */
import type { AttributeValue, ItemFields } from "./item.ts";

/** What an item says of itself: all that a text model sees of it. */
export interface ItemWords {
  readonly title?: string;
  readonly description?: string;
  readonly category?: string;
  /** All attributes as one text, in the order of their names: `colour: red, material: oak`. */
  readonly attributes?: string;
}

/** Empty fields are left out. */
export function wordsOf({ title, description, category, attributes = {} }: ItemFields): ItemWords {
  const said = Object.keys(attributes)
    .sort()
    .map((name) => `${name}: ${textOf(attributes[name]!)}`);
  const words = { title, description, category, attributes: said.join(", ") };
  return Object.fromEntries(Object.entries(words).filter(([, text]) => text?.trim()));
}

function textOf(value: AttributeValue): string {
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
