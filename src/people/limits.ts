/** Limits of what is kept of people. Each has a test. */

/** Events of one request: each person's are one call of their object. */
export const MAX_EVENTS = 500;

export const MAX_USER_LENGTH = 128;
export const MAX_EVENT_ID_LENGTH = 128;
export const MAX_SURFACE_LENGTH = 64;

/** Milliseconds that an event's time may lie ahead: clocks differ. */
export const MAX_AHEAD_MS = 5 * 60_000;

/** Actions that are kept of a person, the latest by their time: as many as PinnerSage clusters within 150 ms. */
export const KEPT_ACTIONS = 1_000;

/** Items that were shown to a person, the latest; older ones may be shown again. */
export const KEPT_IMPRESSIONS = 5_000;

/** Items that a person hid, the latest: they never come back. Far more than anybody hides. */
export const KEPT_HIDDEN = 10_000;

/** Ids by which an event that comes twice is known: as many as a person makes in weeks. */
export const REMEMBERED_EVENTS = 20_000;

/** Events that wait to be written to the log. A person who has more is refused more until some are written. */
export const MAX_WAITING_EVENTS = 10_000;

/** Events of one person that go into a log file at a time. */
export const EVENTS_PER_TAKE = 1_000;

/** Events of a log file: what is in memory while it is written, 2 KiB each. A batch of the queue has 100 people. */
export const EVENTS_PER_LOG = 10_000;

/** Milliseconds for which clusters are kept while nothing is done: an item may have got another picture meanwhile. */
export const INTERESTS_FRESH_MS = 60 * 60_000;

/** The same when an item acted on has no vector: it may be about to be embedded. */
export const PARTIAL_FRESH_MS = 60_000;

/** Spaces whose clusters are kept side by side: of pictures and of items, each in an old and a new revision. */
export const INTEREST_SPACES = 4;

/** Items of an interest that are answered with their pictures. */
export const INTEREST_COVER = 6;

/** Names of log files that are remembered of a person, the latest; of older ones, up to which hour there are some. */
export const REMEMBERED_LOGS = 2_000;
