/** What an item, a filter, a search and a batch may be. Each figure has its reason beside it. */

const KIB = 1024;

/** Vectorize takes ids of up to 64 bytes; a UUID has 36 characters, a sha256 in hex 64. */
export const MAX_ID_LENGTH = 64;

/** Characters that need no escaping in a path; none at the beginning that could be taken for an option or `..`. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:~-]*$/;

/** Shops cut titles at 150 to 500 characters. */
export const MAX_TITLE_LENGTH = 500;

/** Merchant feeds allow descriptions of 5,000 characters. */
export const MAX_DESCRIPTION_LENGTH = 5_000;

/** A path like `Home & Garden > Decor > Vases` stays far below. */
export const MAX_CATEGORY_LENGTH = 200;

/** What browsers, proxies and sitemaps agree on. */
export const MAX_LINK_LENGTH = 2_048;

/** Cents of the largest currency amounts stay exact in a double. */
export const MAX_PRICE = 1e12;

/** Merchant feeds know some fifty attributes. */
export const MAX_ATTRIBUTES = 64;
export const MAX_ATTRIBUTE_NAME_LENGTH = 64;
export const MAX_ATTRIBUTE_VALUE_LENGTH = 500;

/** Values of one attribute: sizes, colours, tags. */
export const MAX_ATTRIBUTE_VALUES = 64;

/** All fields of an item as JSON: a page of 200 items stays below 7 MiB, a fifth of what a call between Workers may carry. */
export const MAX_ITEM_BYTES = 32 * KIB;

/** A filter's conditions are bits of one 32-bit word while items are tested. */
export const MAX_FILTER_CONDITIONS = 16;

/** Values that one condition may list. */
export const MAX_FILTER_VALUES = 100;

/** As long as a manifest's names of categories may be. */
export const MAX_LOOK_LENGTH = 64;

/** Items that a search may leave out: what somebody has in the basket or has just seen. */
export const MAX_EXCLUDED = 100;

/** Results of one page of a search. */
export const MAX_RESULTS = 200;

/** Results of one search over all its pages: each page ranks all before it again. */
export const MAX_RESULT_WINDOW = 2_000;

/** Items of one page of a list. */
export const MAX_PAGE = 200;

/** Categories that an overview names: more than a person picks from. */
export const MAX_LISTED_CATEGORIES = 500;

/** Words to search by: a sentence or two; models read 64 tokens, which are some 300 characters. */
export const MAX_QUERY_TEXT = 1_000;

/** Things that one search is to lead away from. Each may be a picture to embed. */
export const MAX_UNLIKE = 8;

/** How much one part of a query may count against another: with more, the other might as well be left out. */
export const MAX_WEIGHT = 10;
