/** An item as answers show it. */
import type { Item } from "../../catalog/item.ts";
import type { Item as ItemDocument } from "../schemas/items.ts";

/** Where a picture is, below the API's origin. */
export function picturePath(sha256: string): string {
  return `/v1/pictures/${sha256}`;
}

export function itemDocument(item: Item): ItemDocument {
  const { sha256 } = item.image;
  return {
    ...item,
    image: { ...item.image, ...(sha256 && { href: picturePath(sha256) }) },
  };
}
