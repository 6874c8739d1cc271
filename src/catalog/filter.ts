/** Conditions on items: the schema that callers fill in, and what it means. */
import { z } from "zod";
import { AttributeName, type AttributeValue } from "./item.ts";
import {
  MAX_ATTRIBUTE_VALUE_LENGTH,
  MAX_CATEGORY_LENGTH,
  MAX_FILTER_CONDITIONS,
  MAX_FILTER_VALUES,
} from "./limits.ts";

/** What filters look at. An index keeps it beside the vector. */
export interface Facets {
  readonly category?: string | undefined;
  readonly price?: number | undefined;
  readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined;
}

/** From `min` to `max`, both included; one may be left out. */
export const Range = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine(({ min, max }) => min !== undefined || max !== undefined, "needs min or max")
  .refine(
    ({ min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }) => min <= max,
    "min is above max",
  );
export type Range = z.infer<typeof Range>;

const Scalar = z.union([z.string().max(MAX_ATTRIBUTE_VALUE_LENGTH), z.number(), z.boolean()]);
export type Scalar = z.infer<typeof Scalar>;

const Category = z.string().min(1).max(MAX_CATEGORY_LENGTH);

/** All conditions must hold. A list means any of its values; an attribute of several values has any of them. */
export const Filter = z
  .strictObject({
    category: z.union([Category, z.array(Category).min(1).max(MAX_FILTER_VALUES)]).optional(),
    price: Range.optional(),
    attributes: z
      .record(AttributeName, z.union([Scalar, z.array(Scalar).min(1).max(MAX_FILTER_VALUES), Range]))
      .optional(),
  })
  .refine(
    (filter) => conditionCount(filter) <= MAX_FILTER_CONDITIONS,
    `at most ${MAX_FILTER_CONDITIONS} conditions`,
  );
export type Filter = z.infer<typeof Filter>;

/** One condition on one attribute: any of these values, or a number in this range. */
export type Condition = { readonly values: readonly Scalar[] } | { readonly range: Range };

function conditionCount(filter: {
  category?: unknown;
  price?: unknown;
  attributes?: object | undefined;
}): number {
  const { category, price, attributes = {} } = filter;
  return Number(category !== undefined) + Number(price !== undefined) + Object.keys(attributes).length;
}

/** Whether there is nothing to filter by. */
export function isEmpty(filter: Filter | undefined): boolean {
  return filter === undefined || conditionCount(filter) === 0;
}

/** The categories that a filter lets pass, or nothing when it lets all. */
export function categoriesOf({ category }: Filter): readonly string[] | undefined {
  return category === undefined ? undefined : [category].flat();
}

/** The conditions on attributes, by name. */
export function conditionsOf({ attributes = {} }: Filter): [name: string, condition: Condition][] {
  return Object.entries(attributes).map(([name, wanted]) => {
    if (Array.isArray(wanted)) return [name, { values: wanted }];
    return [name, typeof wanted === "object" ? { range: wanted } : { values: [wanted] }];
  });
}

export function inRange(value: unknown, { min, max }: Range): boolean {
  return (
    typeof value === "number" && (min === undefined || value >= min) && (max === undefined || value <= max)
  );
}

/** What {@link Filter} means, item by item. Indexes answer the same, faster. */
export function matches(facets: Facets, filter: Filter): boolean {
  const categories = categoriesOf(filter);
  if (categories && !categories.includes(facets.category ?? "")) return false;
  if (filter.price && !inRange(facets.price, filter.price)) return false;
  return conditionsOf(filter).every(([name, condition]) => {
    const value = facets.attributes?.[name];
    if ("range" in condition) return inRange(value, condition.range);
    return [value].flat().some((one) => one !== undefined && condition.values.includes(one));
  });
}
