/** Limits of Vectorize over HTTP, from https://developers.cloudflare.com/vectorize/platform/limits/. */

/** Results of a query that asks for neither values nor metadata. */
export const MAX_TOP_K = 100;

/** Vectors of one upsert. Their upload may have 100 MB, which 5,000 of 256 components stay far below. */
export const MAX_UPSERT = 5_000;

/** Ids of one deletion; the documentation names no limit. */
export const MAX_DELETE = 1_000;

/** Properties that filters can use: `category`, `price` and eight attributes. */
export const MAX_METADATA_INDEXES = 10;
export const MAX_FILTER_ATTRIBUTES = MAX_METADATA_INDEXES - 2;

/** A text property is indexed by its first 64 bytes. */
export const INDEXED_TEXT_BYTES = 64;

/** A filter as compact JSON has to stay below. */
export const FILTER_BYTES = 2_048;

/** Bytes of the name of a namespace. */
export const MAX_NAMESPACE_BYTES = 64;
