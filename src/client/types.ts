/** What is sent and answered, as the API's schemas say. `test/client/types.test.ts` holds both together. */

/** A file, its bytes, or text: a data URL or an http(s) URL. */
export type PictureLike = Blob | Uint8Array<ArrayBuffer> | ArrayBuffer | string;

export type AttributeValue = string | number | boolean | string[];

export interface ItemFields {
  title?: string | undefined;
  description?: string | undefined;
  category?: string | undefined;
  price?: number | undefined;
  link?: string | undefined;
  attributes?: Record<string, AttributeValue> | undefined;
}

/** An item to write. Without `image` the present picture stays; new items need one. */
export interface NewItem extends ItemFields {
  image?: PictureLike | undefined;
}

export interface BatchItem extends NewItem {
  id: string;
}

export type ItemStatus = "pending" | "embedded" | "failed";

export interface ItemState {
  status: ItemStatus;
  attempts?: number | undefined;
  reason?: string | undefined;
}

export interface Item extends ItemFields {
  id: string;
  image: {
    sha256?: string | undefined;
    /** Below the API's origin: `corkboard.pictures.url(item)` makes an address of it. */
    href?: string | undefined;
    url?: string | undefined;
    bytes?: number | undefined;
    type?: string | undefined;
  };
  /** Of its picture. */
  state: ItemState;
  /** Of its vectors for what goes together, and for its picture and words together. */
  states?: { look?: ItemState | undefined; item?: ItemState | undefined } | undefined;
  /** What it is to searches for things in pictures, `chair` for one. */
  look?: string | undefined;
  /** ISO 8601, UTC. */
  createdAt: string;
  updatedAt: string;
  version: number;
}

export interface ItemPage {
  items: Item[];
  /** `cursor` of the next page; none after the last. */
  next?: string | undefined;
}

export interface ListOptions {
  cursor?: string | undefined;
  /** 1 … 200. @default 50 */
  limit?: number | undefined;
  state?: ItemStatus | undefined;
  category?: string | undefined;
  /** Look category. */
  look?: string | undefined;
}

export interface Written {
  id: string;
  version: number;
  created: boolean;
  /** False when the item was already so. */
  changed: boolean;
}

/** Why a line of a batch was not written. */
export interface LineProblem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  hint?: string | undefined;
  /** Seconds after which to try again. */
  retryAfter?: number | undefined;
}

/** `index`: place among the items that went in, from 0. */
export type BatchResult =
  | ({ index: number; ok: true } & Written)
  | { index: number; ok: false; id: string; problem: LineProblem };

export interface Range {
  min?: number | undefined;
  max?: number | undefined;
}

type Scalar = string | number | boolean;

/** All conditions must hold; a list means any of its values. */
export interface Filter {
  category?: string | string[] | undefined;
  price?: Range | undefined;
  attributes?: Record<string, Scalar | Scalar[] | Range> | undefined;
}

/** Left, top, right and bottom, as fractions of the upright picture. */
export type Crop = [x0: number, y0: number, x1: number, y1: number];

export interface SearchOptions {
  /** 1 … 200. @default 20 */
  limit?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  filter?: Filter | undefined;
  /** Only items with any of these look categories. */
  look?: string | string[] | undefined;
  /** Say how each result was found. @default false */
  explain?: boolean | undefined;
}

/** Something that results are not to be like. */
export type Unlike = { weight?: number | undefined } & (
  | { text: string; item?: never; image?: never }
  | { item: string; text?: never; image?: never }
  | { image: string; text?: never; item?: never }
);

export interface MixOptions extends SearchOptions {
  /** What items are, in words. */
  text?: string | undefined;
  /** How much words and picture (or item) count, 0 … 10. @default 1 each */
  weights?: { text?: number | undefined; image?: number | undefined } | undefined;
  /** At most 8. */
  unlike?: Unlike[] | undefined;
  /** Whose vectors to compare, a name or `name@revision`. @default what the query needs */
  model?: string | undefined;
}

/**
 * By words, by a picture or a part of it, by an item, by words together with either; or by a vector (256 numbers, or
 * base64 of little-endian float32).
 */
export type SearchQuery =
  | (MixOptions & { text: string; image?: never; item?: never; vector?: never })
  | (MixOptions & { image: PictureLike; crop?: Crop | undefined; item?: never; vector?: never })
  | (MixOptions & { item: string; image?: never; vector?: never })
  | (SearchOptions & {
      vector: number[] | string;
      /** `query.words` of a page: items that say them come first. */
      words?: string | undefined;
      model?: string | undefined;
      text?: never;
      image?: never;
      item?: never;
    });

export interface Explanation {
  hamming?: number | undefined;
  hammingRank?: number | undefined;
  compared?: number | undefined;
  /** Share of the query's words that the item says. */
  words?: number | undefined;
}

export interface SearchResult {
  id: string;
  /** Cosine, −1 … 1; in searches by words alone, up to 0.2 more for items that say the words. */
  score: number;
  item: Item;
  explanation?: Explanation | undefined;
}

export interface SearchPage {
  results: SearchResult[];
  next?: string | undefined;
  /** What was searched by: `model`, `vector` and `words` get the next page without sending words and picture again. */
  query: { model: string; vector: string; words?: string | undefined; sha256?: string | undefined };
}

/** A thing seen in a picture. */
export interface DetectedObject {
  box: Crop;
  category: string;
  /** How certain the detector is, 0 … 1. */
  score: number;
}

export interface DetectOptions {
  /** Look for these only. @default all that the detector knows */
  categories?: string[] | undefined;
  /** 0.1 … 1. @default the detector's own */
  min_score?: number | undefined;
  max_objects?: number | undefined;
}

export interface Detection {
  sha256: string;
  /** `name@revision` of the detector. */
  model: string;
  objects: DetectedObject[];
}

export interface ShopOptions extends DetectOptions {
  /** Products for each object. @default 5 */
  products?: number | undefined;
  /** Only products of the object's own category. @default true */
  gate?: boolean | undefined;
  filter?: Filter | undefined;
}

export interface Product {
  id: string;
  /** −1 … 1. */
  score: number;
  item: Item;
}

export interface ShoppableScene extends Omit<Detection, "objects"> {
  objects: (DetectedObject & { products: Product[] })[];
}

export interface CompleteOptions {
  /** @default what goes with the picture and is not seen in it */
  category?: string | undefined;
  /** @default 20 */
  limit?: number | undefined;
  filter?: Filter | undefined;
  /** Items to leave out. */
  exclude?: string[] | undefined;
  /** Say which regions of the picture each category looks at. @default false */
  attention?: boolean | undefined;
}

export interface CompletedLook {
  sha256: string;
  model: string;
  /** What was looked for. */
  categories: string[];
  results: (Product & { category: string })[];
  /** For each category with an attention of its own, the weight of every region, row by row. */
  attention?: { rows: number; columns: number; weights: Record<string, number[]> } | undefined;
}

export interface Duplicate {
  id: string;
  by: "picture" | "look";
  score?: number | undefined;
}

export interface DuplicateGroup {
  id: string;
  duplicates: Duplicate[];
}

export interface DuplicateReport {
  groups: DuplicateGroup[];
  next?: string | undefined;
}

/** How far the catalogue is in one role. */
export interface RoleProgress {
  /** `name@revision` that items are embedded with. */
  model: string;
  states: Record<ItemStatus, number>;
  total: number;
  /** The current revision, while items are embedded with it and the older one answers. */
  next?: { model: string; states: Record<ItemStatus, number> } | undefined;
}

export interface Overview {
  items: number;
  states: Record<ItemStatus, number>;
  roles: { picture: RoleProgress; look?: RoleProgress | undefined; item?: RoleProgress | undefined };
  categories: { category: string; items: number }[];
  /** Null in catalogues that are too large to count on the spot. */
  nearDuplicates: number | null;
  model: string;
  shards: number;
  storageBytes: number;
}

export type KeyScope = "read" | "write";

export interface Key {
  id: string;
  name: string;
  scopes: KeyScope[];
  createdAt: string;
}

export interface CreatedKey extends Key {
  /** Shown this once. */
  key: string;
}

export interface EmbeddingRequest {
  /** One picture, or up to 64. */
  input: PictureLike | PictureLike[];
  model?: string | undefined;
  dimensions?: number | undefined;
}

export interface EmbeddedPicture {
  embedding: number[];
  sha256: string;
  cache: "edge" | "store" | "miss";
}

export interface EmbeddingList {
  /** `name@revision` */
  model: string;
  data: EmbeddedPicture[];
}

export interface StoredEmbedding {
  model: string;
  sha256: string;
  dimensions: number;
  embedding: number[];
}

export interface Model {
  id: string;
  revision: string;
  /** `name@revision` */
  pinned: string;
  description: string;
  dimensions: number;
  prefixes: number[];
}

export interface Readiness {
  status: "ready";
  models: { id: string; ms: number }[];
}
