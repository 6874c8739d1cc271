/** How often a caller may ask: what Cloudflare's rate limiting bindings decide. */
import type { Caller } from "./caller.ts";
import { clientAddress } from "./client-address.ts";
import { RateLimitedError } from "./errors.ts";

/** What is used of a rate limiting binding. */
export interface RateLimiter {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** A limiter that is not configured limits nothing. */
export interface RateLimiters {
  /** Of each key. */
  readonly key?: RateLimiter | undefined;
  /** Of each client address that has no key. */
  readonly address?: RateLimiter | undefined;
}

/** Pictures are small reads whose answers browsers keep for good, and one page of results shows hundreds. */
const UNCOUNTED = /^\/v1\/(?:pictures\/|items\/[^/]+\/picture$)/;

export class RateLimits {
  readonly #limiters: RateLimiters;

  constructor(limiters: RateLimiters) {
    this.#limiters = limiters;
  }

  /** @throws {RateLimitedError} */
  async count(caller: Caller, headers: Headers, path: string): Promise<void> {
    if (caller.kind === "admin" || caller.kind === "local" || UNCOUNTED.test(path)) return;
    if (caller.kind === "anonymous") return this.countAddress(headers);
    await check(this.#limiters.key, caller.id);
  }

  /** @throws {RateLimitedError} */
  async countAddress(headers: Headers): Promise<void> {
    await check(this.#limiters.address, clientAddress(headers));
  }
}

async function check(limiter: RateLimiter | undefined, key: string): Promise<void> {
  if (limiter && !(await limiter.limit({ key })).success) throw new RateLimitedError();
}
