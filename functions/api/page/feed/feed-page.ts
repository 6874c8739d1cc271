/** One page of somebody's feed, and the way that it took. */
import type { FeedPath, FeedPage as Page } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";

export type FeedPage = Page & { readonly path: FeedPath };

export const SURFACE = "feed";

/** Few: a page counts as shown when it is answered, and what is not on screen yet may be asked for anew. */
const PAGE = 12;

/** @throws what the client throws */
export function fetchFeedPage(
  api: Api,
  user: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<FeedPage> {
  const query = { limit: PAGE, cursor, surface: SURFACE, explain: true };
  return api.call((client) => client.people.feed(user, query, { signal }));
}
