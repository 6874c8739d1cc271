/** What one request, and all requests of an isolate together, may take. An isolate has 128 MB and one thread. */
import type { Millis } from "./millis.ts";

const MIB = 1024 * 1024;

/** Pictures in one request, as many as the OpenAI API's clients like to send at once. */
export const MAX_INPUTS = 64;

/** Characters of a text to embed. Models read far fewer tokens; what is longer was not meant for them. */
export const MAX_TEXT_LENGTH = 10_000;

/** Characters of all texts of a request. The tokenizer takes up to 25 ms for 1,000 characters of endless words. */
export const MAX_TEXTS_LENGTH = 40_000;

/** A JSON body exists three times while it is read: as bytes, as text and parsed. */
export const MAX_JSON_BYTES = 16 * MIB;

/** As many events as one request takes have 300 KB, and half a megabyte with the longest names. */
export const MAX_EVENTS_BYTES = MIB;

/** A multipart or raw body exists twice: as bytes and as files. One picture may have 20 MiB. */
export const MAX_UPLOAD_BYTES = 24 * MIB;

/** Bodies that an isolate reads at the same time, all together. */
export const MAX_BODY_BYTES_IN_FLIGHT = 32 * MIB;

/** Bodies that wait for room, and for how long, before they are refused. */
export const MAX_WAITING_BODIES = 32;
export const BODY_PATIENCE: Millis = 2_000;

/** Decoders are synchronous and one decode may take most of the memory: two at once gain nothing and risk all. */
export const DECODES_AT_ONCE = 1;

/** Pictures that wait for the decoder, and for how long, before their request is refused. */
export const MAX_WAITING_DECODES = 64;
export const DECODE_PATIENCE: Millis = 10_000;

/** A decode is bounded to about 2 s of CPU time; who holds the decoder longer has vanished. */
export const DECODE_LEASE: Millis = 8_000;

/**
 * Pictures that go through the model together. The heap of the shipped encoder has 28 MB after a batch of 1, 33
 * after 4, 40 after 8 and 48 after 16, while the time a picture hardly changes; and a batch keeps its isolate busy.
 */
export const MICRO_BATCH = 4;

/** Pictures fetched from addresses, from their first byte until they are tensors: 20 MiB each at most. */
export const FETCHED_AT_ONCE = 2;
export const MAX_WAITING_FETCHES = 64;
export const FETCH_PATIENCE: Millis = 10_000;

/** Embeddings in computation that later requests for the same picture can join. */
export const MAX_FLIGHTS = 1_000;

/** How long to wait for somebody else's computation before starting an own one: a cold start takes a few seconds. */
export const FLIGHT_PATIENCE: Millis = 12_000;

/** All that a request may take. Clients and proxies tend to give up at 30 s. */
export const REQUEST_DEADLINE: Millis = 30_000;

/** After this long nobody works on it any more: what a vanished request held is given away. */
export const ABANDONED_AFTER: Millis = REQUEST_DEADLINE + 5_000;

/** A ready answer stands this long, so that probes do not cost an inference each. */
export const READY_FOR: Millis = 5_000;

/** Answers under a model's bare name change with its next revision. */
export const BARE_NAME_MAX_AGE_SECONDS = 300;

/** Longest `user` that is accepted (and ignored). */
export const MAX_USER_LENGTH = 256;

/** Longest text of one field of a form: a picture as a data URL, in as much as JSON may have. */
export const MAX_FORM_FIELD_LENGTH = MAX_JSON_BYTES;

/** How long a batch waits for its next piece. */
export const BATCH_PATIENCE: Millis = 30_000;

/**
 * Longest side, in pixels, of the copy of a scene that its objects are cut from: the decoder's own pixels are gone
 * by then. 1,280 × 1,280 take 6.5 MB.
 */
export const MAX_SCENE_SIDE = 1_280;

/** Objects less certain than this are not kept, and cannot be asked for. */
export const MIN_OBJECT_SCORE = 0.1;

/** Categories that one completion of a look asks the catalogue for. */
export const MAX_COMPLETED_CATEGORIES = 8;
