/** What keys may be, and how long their state may be remembered. */
import type { Millis } from "../millis.ts";

/** Keys of a deployment: people and services, not end users. */
export const MAX_KEYS = 1_000;

export const MAX_KEY_NAME_LENGTH = 100;

/** How long an isolate trusts what it knows of a key. A revoked key stops everywhere within this time. */
export const KEY_REMEMBERED_FOR: Millis = 10_000;

/** Keys that an isolate remembers, those that do not exist included. */
export const MAX_REMEMBERED_KEYS = 2_000;

/** Shorter admin tokens are ignored: they could be guessed. 24 characters of base64 have 144 bits. */
export const MIN_ADMIN_TOKEN_LENGTH = 24;

/** Length of a bearer token that is looked at. */
export const MAX_BEARER_LENGTH = 512;

/** The period of the rate limits in `wrangler.toml`, which is when a refused caller may come again. */
export const RATE_LIMIT_PERIOD_SECONDS = 60;
