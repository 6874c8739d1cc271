/** What a board may be, and what a look around one may take. Each figure has its reason beside it. */

/** A line on a card. */
export const MAX_BOARD_TITLE_LENGTH = 200;

export const MAX_BOARD_DESCRIPTION_LENGTH = 2_000;

/** Boards are made by hand; a list of so many ids has 0.7 MB. */
export const MAX_ITEMS_PER_BOARD = 10_000;

/** With the items that people collect, some hundred megabytes of SQLite. */
export const MAX_BOARDS_PER_SHARD = 100_000;

/** Items that a board shows on its cover. */
export const COVER_ITEMS = 4;

/** Cover items that are looked up, since some may be gone from the catalogue. */
export const COVER_CANDIDATES = 12;

/** The newest items of a board stand for all of it when it is searched by: their vectors take 0.2 MB. */
export const MAX_SAMPLED_ITEMS = 200;

/** Results of `more` over all its pages. Each page makes all before it again. */
export const MAX_MORE_RESULTS = 200;

/** Boards around a board that one shard names in one step outward, the smallest first: they say most. */
export const NEAR_BOARDS = 200;

/** Items on those, all together. Two steps over two shards make a graph of 20,000 edges, 2 MB of ids. */
export const NEAR_EDGES = 5_000;

/** Items that the second step starts from. */
export const NEAR_ITEMS = 500;

/** Fewer other boards that share an item with this one are no company to ask. */
export const MIN_NEAR_BOARDS = 3;

/** Steps of a walk on that graph: every item within two hops is passed often. */
export const WALK_STEPS = 20_000;

/** Items that fewer walks came by, by their score, are there by chance. */
export const MIN_WALK_SCORE = 8;
