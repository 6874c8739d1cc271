/** What is tokenized, the same in Node and in workerd. */

/** Different queries, in turn. */
export const QUERIES = 300;

/** As in the manifest of pinclip-text; queries stay far below. */
export const MAX_TOKENS = 64;
