/** What is said to a shard, and what it answers. Plain data: it crosses from one isolate to another. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import type { Item, ItemFields, ItemImage, ItemStatus } from "../item.ts";
import type { Hit, VectorQuery } from "../vector-index.ts";

/** A model at one revision: vectors of two of them cannot be compared. */
export interface Space {
  readonly model: string;
  readonly revision: string;
}

export interface ShardWrite {
  readonly id: string;
  readonly fields: ItemFields;
  /** A picture that is in the store, or an address. Left out: the present one stays. */
  readonly image?: ItemImage;
  readonly ifVersion?: number;
}

/** What became of one write. */
export type WriteOutcome =
  | {
      readonly ok: true;
      readonly version: number;
      /** There was no item with this id. */
      readonly created: boolean;
      /** False when the item was already as it was to become. */
      readonly changed: boolean;
      /** The picture has to be embedded. */
      readonly pending: boolean;
    }
  | { readonly ok: false; readonly why: "version"; readonly version: number }
  | { readonly ok: false; readonly why: "picture-missing" }
  | { readonly ok: false; readonly why: "full" };

export type DeleteOutcome =
  | { readonly ok: true; readonly existed: boolean }
  | { readonly ok: false; readonly why: "version"; readonly version: number };

export interface ListQuery {
  /** Items whose ids come after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly status?: ItemStatus | undefined;
  readonly category?: string | undefined;
}

export interface ShardPage {
  readonly items: Item[];
  /** There are more after the last. */
  readonly more: boolean;
}

export type ShardQuery = VectorQuery;

export type ShardHit = Hit;

/** An item whose picture is to be embedded now. */
export interface Claim {
  readonly id: string;
  readonly image: ItemImage;
}

/** The vector of an item's picture. */
export interface Embedded {
  readonly id: string;
  /** The claim's picture: when the item has another by now, the vector is dropped. */
  readonly image: ItemImage;
  readonly vector: Embedding;
  /** What is known of the picture since it was fetched. */
  readonly fetched?: ItemImage | undefined;
}

export interface Failure {
  readonly id: string;
  readonly image: ItemImage;
  readonly reason: string;
  /** It will never work with this picture. */
  readonly permanent: boolean;
}

/** An item's picture, to look for others like it. */
export interface Likeness {
  readonly id: string;
  readonly sha256?: string | undefined;
  readonly vector?: Embedding | undefined;
}

export interface NearDuplicate {
  readonly id: string;
  /** `picture`: the same bytes; `look`: near code and vector. */
  readonly by: "picture" | "look";
  /** Cosine, where both have vectors. */
  readonly score?: number;
}

export interface CategoryCount {
  readonly category: string;
  readonly items: number;
}

export interface ShardStats {
  readonly items: number;
  readonly pending: number;
  readonly embedded: number;
  readonly failed: number;
  /** Bytes of SQLite. */
  readonly storageBytes: number;
  /** Bytes of codes and facets in memory, as far as loaded. */
  readonly memoryBytes: number;
}
