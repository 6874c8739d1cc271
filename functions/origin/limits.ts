/** What an origin bears from whoever reaches it; each limit has a test in `test/origin/`. */

import { MAX_TIMEOUT_MS } from "../../src/inference/protocol.ts";

/** Bytes of request bodies in memory at once: 32 of the longest, thousands of single pictures. */
export const MAX_BUFFERED_BYTES = 512 * 1024 * 1024;

/** Connections at once: an edge location keeps a few open, and a connection costs some kilobytes. */
export const MAX_CONNECTIONS = 1_024;

/** Bytes of a request's headers: a signature takes 300, proxies add some. Node's own default. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** Milliseconds in which a request's headers have to be there. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** Milliseconds in which a whole request has to be there: 16 MB over a slow line. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Milliseconds that an idle connection is kept: longer than those who ask keep theirs, so that they close first. */
export const KEEP_ALIVE_MS = 75_000;

/** Milliseconds without a byte in either direction: longer than anybody may wait, shorter than not reading for good. */
export const STALL_TIMEOUT_MS = MAX_TIMEOUT_MS + 10_000;

/** Milliseconds that requests in work have to end in when the origin stops, before it hangs up on them. */
export const STOP_PATIENCE_MS = 30_000;

/** Inferences of a model that wait: four full batches of the default size. */
export const MAX_WAITING = 64;

/** Milliseconds for which a person's keys and values are kept after their last request: a visit and a pause. */
export const KV_TTL_MS = 30 * 60_000;

/** Rows of a batch: with more a GPU gains little, and the first in line waits longer. */
export const MAX_BATCH = 16;
