/** Items as a cover shows them: what it takes to show their pictures. */
import type { Item } from "../../catalog/item.ts";
import { picturePath } from "./item-document.ts";

export interface CoverItem {
  readonly id: string;
  readonly title?: string;
  /** The picture, below the API's origin. */
  readonly href?: string;
}

export function coverItem({ id, title, image: { sha256 } }: Item): CoverItem {
  return {
    id,
    ...(title !== undefined && { title }),
    ...(sha256 !== undefined && { href: picturePath(sha256) }),
  };
}
