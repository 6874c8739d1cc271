/** Names of items that come from files. */

/** Ids have up to 64 characters; the rest is for what makes them unique. */
const MAX_SLUG = 48;

/** `IMG_oak-chair.JPG` → `IMG oak chair` */
export function titleFromName(name: string): string {
  return name
    .replace(/\.[a-z0-9]{2,5}$/i, "")
    .replace(/[_-]+/g, " ")
    .trim();
}

/** An id that tells what it is and that no other item has. */
export function newId(title: string): string {
  const slug = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG)
    .replace(/^-+|-+$/g, "");
  const [unique = 0] = crypto.getRandomValues(new Uint32Array(1));
  return `${slug || "picture"}-${unique.toString(36).padStart(7, "0")}`;
}
