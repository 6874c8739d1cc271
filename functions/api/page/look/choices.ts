/** What the visitor has chosen, as the address holds it. */
import { withParams } from "../route.ts";
import { BY_PICTURE, BY_SAMPLE } from "./subject.ts";

export type Mode = "shop" | "complete";

export interface Choices {
  readonly mode: Mode;
  /** Only products of an object's own category. */
  readonly gate: boolean;
  /** Products for each object. */
  readonly products: number;
  /** Categories that are looked for; undefined: all. */
  readonly categories: readonly string[] | undefined;
  /** Number of the chosen object, the most certain being 0. */
  readonly object: number;
  /** Category that the look is completed with; undefined: whatever is missing. */
  readonly category: string | undefined;
}

export const PRODUCT_COUNTS = [4, 8, 12, 24] as const;

const DEFAULT_PRODUCTS = 8;

export function choicesOf(params: URLSearchParams): Choices {
  const products = Number(params.get("products"));
  const object = Number(params.get("object") ?? 0);
  const categories = params.get("categories")?.split(",").filter(Boolean);
  return {
    mode: params.get("as") === "complete" ? "complete" : "shop",
    gate: params.get("gate") !== "off",
    products: PRODUCT_COUNTS.find((count) => count === products) ?? DEFAULT_PRODUCTS,
    categories: categories && categories.length > 0 ? categories : undefined,
    object: Number.isInteger(object) && object >= 0 ? object : 0,
    category: params.get("category") ?? undefined,
  };
}

/** Parameters for changed choices; what is as by default is left out, so that addresses stay short. */
export function paramsFor(changes: Partial<Choices>): Record<string, string | undefined> {
  const written: Record<string, string | undefined> = {};
  if ("mode" in changes) written.as = changes.mode === "complete" ? "complete" : undefined;
  if ("gate" in changes) written.gate = changes.gate ? undefined : "off";
  if ("products" in changes)
    written.products = changes.products === DEFAULT_PRODUCTS ? undefined : String(changes.products);
  if ("categories" in changes) written.categories = changes.categories?.join() || undefined;
  if ("object" in changes) written.object = changes.object ? String(changes.object) : undefined;
  if ("category" in changes) written.category = changes.category;
  return written;
}

/** The address of another scene: what was chosen of the last one does not hold for it, the options do. */
export function paramsOfScene(
  params: URLSearchParams,
  scene: { readonly sample?: string; readonly picture?: string },
): URLSearchParams {
  return withParams(params, {
    [BY_SAMPLE]: scene.sample,
    [BY_PICTURE]: scene.picture,
    object: undefined,
    category: undefined,
    open: undefined,
  });
}

/** What a request depends on: two addresses of the same key have the same answer. */
export function shopKey({ gate, products, categories }: Choices): string {
  return JSON.stringify({ gate, products, categories });
}
