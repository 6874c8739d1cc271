/** Facets as Vectorize keeps them, and filters as it understands them. */
import { categoriesOf, conditionsOf, type Facets, type Filter, type Range, type Scalar } from "../filter.ts";
import { InvalidQueryError } from "../vector-index.ts";
import { FILTER_BYTES, INDEXED_TEXT_BYTES } from "./limits.ts";

/** Types of properties that Vectorize indexes. */
export type PropertyType = "string" | "number" | "boolean";

/** Attributes that filters can use, with their types. */
export type IndexedAttributes = Readonly<Record<string, PropertyType>>;

export type Metadata = Record<string, Scalar>;

/** Conditions by property. */
export type VectorizeFilter = Record<string, { $in: Scalar[] } | { $gte?: number; $lte?: number }>;

const encoder = new TextEncoder();

/** The property of an attribute. Vectorize refuses dots and quotes in names. */
export function propertyOf(attribute: string): string {
  return `attribute_${attribute.replace(/[.%"]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`;
}

/** What filters need of an item. Attributes that are lists are left out: Vectorize compares single values only. */
export function metadataOf(
  { category, price, attributes = {} }: Facets,
  indexed: IndexedAttributes,
): Metadata {
  const metadata: Metadata = {};
  if (category !== undefined) metadata.category = indexable(category);
  if (price !== undefined) metadata.price = price;
  for (const name of Object.keys(indexed)) {
    const value = attributes[name];
    if (value !== undefined && !Array.isArray(value)) metadata[propertyOf(name)] = indexable(value);
  }
  return metadata;
}

/** @throws {InvalidQueryError} for attributes that are not indexed, and for filters that are too long */
export function vectorizeFilter(filter: Filter, indexed: IndexedAttributes): VectorizeFilter {
  const conditions: VectorizeFilter = {};
  const categories = categoriesOf(filter);
  if (categories) conditions.category = { $in: categories.map(indexable) };
  if (filter.price) conditions.price = bounds(filter.price);
  for (const [name, condition] of conditionsOf(filter)) {
    if (!(name in indexed)) {
      const names = Object.keys(indexed).join(", ") || "none";
      throw new InvalidQueryError(`Attribute ${name} is not indexed.`, `Attributes to filter by: ${names}.`);
    }
    conditions[propertyOf(name)] =
      "range" in condition ? bounds(condition.range) : { $in: condition.values.map(indexable) };
  }
  if (encoder.encode(JSON.stringify(conditions)).length >= FILTER_BYTES) {
    throw new InvalidQueryError("The filter is too long for Vectorize.", "List fewer or shorter values.");
  }
  return conditions;
}

function bounds({ min, max }: Range): { $gte?: number; $lte?: number } {
  return { ...(min !== undefined && { $gte: min }), ...(max !== undefined && { $lte: max }) };
}

/**
 * Values as they are indexed. Of texts Vectorize would look at the first 64 bytes alone; longer ones are kept as
 * their beginning and a hash of the whole, so that they stay different.
 */
function indexable<Value extends Scalar>(value: Value): Value {
  if (typeof value !== "string" || encoder.encode(value).length <= INDEXED_TEXT_BYTES) return value;
  const hash = `#${hex(fnv1a(value, 0x811c9dc5))}${hex(fnv1a(value, 0x9e3779b9))}`;
  let start = "";
  for (const sign of value) {
    if (encoder.encode(start + sign).length + hash.length > INDEXED_TEXT_BYTES) break;
    start += sign;
  }
  return `${start}${hash}` as Value;
}

function fnv1a(text: string, basis: number): number {
  let hash = basis;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
