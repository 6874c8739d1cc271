/** Items in words. */
import type { AttributeValue, Item } from "../../../../src/client/index.ts";

const PRICE = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Items of the showroom, all of which are drawings. */
const SHOWROOM_ID = /^showroom-/;

export function titleOf({ id, title }: Pick<Item, "id" | "title">): string {
  return title === undefined || title === "" ? id : title;
}

/** In the catalogue's currency, which has no name. */
export function priceText(price: number): string {
  return PRICE.format(price);
}

export function isDrawing({ id }: Pick<Item, "id">): boolean {
  return SHOWROOM_ID.test(id);
}

/** What the picture shows, for those who do not see it. */
export function altText(item: Pick<Item, "id" | "title">): string {
  return isDrawing(item) ? `Drawing: ${titleOf(item)}` : titleOf(item);
}

/** `seat_height` → `Seat height` */
export function attributeName(name: string): string {
  const words = name.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function attributeText(value: AttributeValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
