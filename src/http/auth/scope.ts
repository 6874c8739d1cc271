/** What a request takes to be allowed. */
import type { KeyScope } from "./api-key.ts";

/** `person`: what no deployment shows to everybody, such as what is known of somebody. */
export type Scope = KeyScope | "person" | "admin";

/** Questions whose text or picture is too long for an address. */
const READING_POSTS: ReadonlySet<string> = new Set([
  "/v1/embeddings",
  "/v1/search",
  "/v1/detect",
  "/v1/shop-the-look",
  "/v1/complete-the-look",
]);

/** Keys, and what everybody did. */
const ADMINISTERED = ["/v1/keys", "/v1/event-logs"];

/** All vectors of the catalogue at once: who has them has all that searches know. */
const ITEM_VECTORS = "/v1/item-vectors";

/** The scope of a request. A method or route that is not known to read is taken for one that writes. */
export function scopeOf(method: string, path: string): Scope {
  if (ADMINISTERED.some((root) => path === root || path.startsWith(`${root}/`))) return "admin";
  if (path === ITEM_VECTORS && (method === "GET" || method === "HEAD")) return "person";
  if (path.startsWith("/v1/users/") && method !== "DELETE") return "person";
  if (method === "GET" || method === "HEAD") return "read";
  return method === "POST" && READING_POSTS.has(path) ? "read" : "write";
}
