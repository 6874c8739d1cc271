/** One page of somebody's feed, as the API answers it, and the way that it took. */
import type { Item } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";

export type FeedPath = "origin" | "edge" | "cold";

export interface Why {
  readonly path: FeedPath;
  /** Place on its page, from 1. */
  readonly rank: number;
  readonly interest?: { readonly medoid: string; readonly importance: number };
  /** Cosine to what it was found by. */
  readonly similarity?: number;
  /** It was shown before: when, ISO 8601. */
  readonly seenAt?: string;
}

export interface FeedItem {
  readonly id: string;
  readonly item: Item;
  readonly scores?: {
    readonly [action in "click" | "closeup" | "save" | "hide" | "purchase" | "utility"]?: number;
  };
  readonly why?: Why;
}

export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** Names the page in events. */
  readonly slate: string;
  readonly next?: string;
  /** From the header `x-corkboard-path`. */
  readonly path: FeedPath;
  readonly explain?: {
    readonly reason?: string;
    readonly ranker?: string;
    readonly breaker?: "closed" | "open" | "half-open";
    readonly candidates: number;
    readonly millis: Readonly<Record<string, number>>;
  };
}

export const SURFACE = "feed";

/** Few: a page counts as shown when it is answered, and what is not on screen yet may be asked for anew. */
const PAGE = 12;

/** @throws what the client throws */
export async function fetchFeedPage(
  api: Api,
  user: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<FeedPage> {
  const response = await api.send({
    path: `/v1/users/${encodeURIComponent(user)}/feed`,
    query: { limit: PAGE, cursor, surface: SURFACE, explain: 1 },
    signal,
  });
  const path = response.headers.get("x-corkboard-path") as FeedPath;
  return { ...((await response.json()) as Omit<FeedPage, "path">), path };
}
