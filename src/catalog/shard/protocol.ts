/** What is said to a shard, and what it answers. Plain data: it crosses from one isolate to another. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import type { Item, ItemFields, ItemImage, ItemStatus } from "../item.ts";
import type { ItemWords } from "../item-words.ts";
import type { Hit, VectorQuery } from "../vector-index.ts";

/** A model at one revision: vectors of two of them cannot be compared. */
export interface Space {
  readonly model: string;
  readonly revision: string;
  /** Components of its vectors, 1 … 256. @default DIMENSIONS */
  readonly dimensions?: number;
}

/** What a space is for: pictures that look alike, things that go together, pictures and words together. */
export type Role = "picture" | "look" | "item";

/** How far a space is: `filling` until every item that was there before it has been embedded in it, or failed. */
export type Completeness = "complete" | "filling" | "unknown";

/** What items are embedded into. */
export interface EmbeddingTarget extends Space {
  /** @default "picture" */
  readonly role?: "picture" | "item";
  /** The space of vectors for what goes together, made from the same pictures. @default none */
  readonly companion?: Space | undefined;
  /** A space of items' words and pictures, embedded by itself: see {@link Claim.words}. */
  readonly item?: Space | undefined;
  /** Look categories that an item's words may name. @default none */
  readonly looks?: readonly string[] | undefined;
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
  /** Look category. */
  readonly look?: string | undefined;
}

export interface ShardPage {
  readonly items: Item[];
  /** There are more after the last. */
  readonly more: boolean;
}

export interface ShardQuery extends VectorQuery {
  /** Only items with any of these look categories. @default all items, those without one too */
  readonly looks?: readonly string[] | undefined;
  /** Ids of items that are not to be among the results. @default none */
  readonly exclude?: readonly string[] | undefined;
  /** Stems of words that count for items which say them: see `WORDS_COUNT`. @default none */
  readonly stems?: readonly string[] | undefined;
}

export type ShardHit = Hit;

/** An item near to a query, with its vector. */
export interface Neighbour {
  readonly id: string;
  /** Inner product of the two vectors. */
  readonly score: number;
  readonly vector: Embedding;
}

/** An item to begin with, for somebody of whom nothing is known. */
export interface Starter {
  readonly id: string;
  readonly category?: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Grows with what everybody does with the item, and fades: see `PopularityStore`. */
  readonly popularity: number;
}

/** Items with pictures in the store, by three kinds of merit. An item may have several. */
export interface Starters {
  /** The most popular first; only such as are. */
  readonly popular: readonly Starter[];
  /** The newest first. */
  readonly newest: readonly Starter[];
  /** Drawn by lot, in no order. */
  readonly drawn: readonly Starter[];
}

/** Vectors of items, in the order of their ids. */
export interface VectorList {
  readonly ids: readonly string[];
  /** Row after row, as many components each as the space's vectors have. */
  readonly vectors: Float32Array;
  /** There are more after the last. */
  readonly more: boolean;
}

/** Which vectors of a picture are wanted, or were tried. */
export interface Wanted {
  readonly vector: boolean;
  readonly companion: boolean;
}

/** An item whose picture is to be embedded now. */
export interface Claim {
  readonly id: string;
  readonly image: ItemImage;
  readonly wanted: Wanted;
  /** What the item says of itself. */
  readonly words: ItemWords;
}

/** Vectors of an item's picture: those that are there are kept together or not at all. */
export interface Embedded {
  readonly id: string;
  /** The claim's picture: when the item has another by now, the vector is dropped. */
  readonly image: ItemImage;
  readonly vector?: Embedding | undefined;
  /** In the companion space. */
  readonly companion?: Embedding | undefined;
  /** The look category that the model sees, which stays with `vector`. */
  readonly look?: string | undefined;
  /** What is known of the picture since it was fetched. */
  readonly fetched?: ItemImage | undefined;
  /** The words that the vector is made of, where it is: of no use once the item says something else. */
  readonly words?: ItemWords | undefined;
}

export interface Failure {
  readonly id: string;
  readonly image: ItemImage;
  readonly reason: string;
  /** It will never work with this picture. */
  readonly permanent: boolean;
  /** What was tried. @default the vector alone */
  readonly wanted?: Wanted;
  /** The words that were tried, where words matter: those of now are another matter. */
  readonly words?: ItemWords | undefined;
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
  /** The same counts in the companion space, if there is one. */
  readonly companion?: Record<ItemStatus, number>;
  /** The same counts in the space of items, if there is one. */
  readonly item?: Record<ItemStatus, number>;
  /** Bytes of SQLite. */
  readonly storageBytes: number;
  /** Bytes of codes, facets and look categories in memory, as far as loaded. */
  readonly memoryBytes: number;
}
