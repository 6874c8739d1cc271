/**
 * Requests that prove who sent them: HMAC-SHA256 with a secret that edge and origin share, in one header.
 *
 * What is signed says which body follows, so that a stranger's request is refused before its body is read. WebCrypto
 * alone, so that it runs in Workers, Node and browsers.
 */
import { sha256 } from "../runtime/integrity.ts";
import { ReplayedRequestError, UnauthenticatedError } from "./errors.ts";
import type { NonceMemory } from "./nonce-memory.ts";
import { HEADER_LENGTH } from "./protocol.ts";

/** Most milliseconds between the clocks of who signs and who checks, the way included. */
export const MAX_CLOCK_SKEW_MS = 60_000;

/** Milliseconds that a nonce has to be remembered: a clock that is ahead signs requests that are good for longer. */
export const NONCE_PERIOD_MS = 2 * MAX_CLOCK_SKEW_MS;

/** Fewest characters of a secret: 24 from a password generator cannot be guessed. */
export const MIN_SECRET_LENGTH = 24;

const SCHEME = "Corkboard-HMAC-SHA256";
/** Signed with every request, so that a signature of this scheme never fits another one. */
const CONTEXT = "corkboard-origin-v1";
const NONCE_BYTES = 16;

const CREDENTIALS = new RegExp(
  `^${SCHEME} timestamp=(?<timestamp>\\d{1,15}), nonce=(?<nonce>[0-9a-f]{32}), ` +
    "body=(?<body>[0-9a-f]{64}), signature=(?<signature>[0-9a-f]{64})$",
);

/** The parts of a request that decide what it does. */
export interface SignedRequest {
  /** @default "GET" */
  readonly method?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

interface Claims {
  /** Milliseconds since the epoch. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Where the body's JSON ends: another length makes other tensors of the same bytes. */
  readonly headerLength: string;
  /** Sha256 of the body. */
  readonly body: string;
}

/** Headers that sign a request, good for one use within {@link MAX_CLOCK_SKEW_MS}. */
export async function sign(secret: string, request: SignedRequest, now = Date.now()) {
  const { method = "GET", url, headers } = request;
  const claims: Claims = {
    timestamp: String(now),
    nonce: hex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))),
    method,
    path: pathOf(url),
    headerLength: headers[HEADER_LENGTH] ?? "",
    body: await sha256(request.body ?? new Uint8Array(0)),
  };
  const signature = hex(await crypto.subtle.sign("HMAC", await keyOf(secret), textOf(claims)));
  const { timestamp, nonce, body } = claims;
  return {
    authorization: `${SCHEME} timestamp=${timestamp}, nonce=${nonce}, body=${body}, signature=${signature}`,
  };
}

/** Checks a body against what was signed. @throws {UnauthenticatedError} */
export type BodyCheck = (body: Uint8Array<ArrayBuffer>) => Promise<void>;

/** Checks the signatures of a host's requests. */
export class SignatureCheck {
  readonly #keys: Promise<CryptoKey[]>;
  readonly #nonces: NonceMemory;

  /**
   * @param secrets any of which may have signed: two while one replaces the other
   * @param nonces remembers for {@link NONCE_PERIOD_MS} or longer
   */
  constructor(secrets: readonly string[], nonces: NonceMemory) {
    this.#keys = Promise.all(secrets.map(keyOf));
    this.#nonces = nonces;
  }

  /**
   * Checks everything but the body, which is not read.
   * @returns how to check the body, once it is read.
   * @throws {UnauthenticatedError} without a signature, or with one that is wrong or too old.
   * @throws {ReplayedRequestError} for a request that was seen before.
   * @throws {TooManyRequestsError} when no more nonces can be remembered.
   */
  async check({ method, url, headers }: Request, now = Date.now()): Promise<BodyCheck> {
    const given = CREDENTIALS.exec(headers.get("authorization") ?? "")?.groups;
    if (!given) throw new UnauthenticatedError("The request is not signed.");
    const { timestamp = "", nonce = "", body = "", signature = "" } = given;
    if (Math.abs(now - Number(timestamp)) > MAX_CLOCK_SKEW_MS) {
      throw new UnauthenticatedError("The signature is too old, or the clocks differ.");
    }
    const headerLength = headers.get(HEADER_LENGTH) ?? "";
    const claims = { timestamp, nonce, method, path: pathOf(url), headerLength, body };
    const verified = (await this.#keys).map((key) =>
      crypto.subtle.verify("HMAC", key, bytesOf(signature), textOf(claims)),
    );
    // Each compares in constant time, and all are waited for: how long it takes does not say which one fits.
    const fits = (await Promise.all(verified)).filter(Boolean).length > 0;
    if (!fits) throw new UnauthenticatedError("The signature does not fit the request.");
    // Only now: strangers leave nothing behind.
    if (!this.#nonces.isNew(nonce, now)) throw new ReplayedRequestError();
    return async (bytes) => {
      if ((await sha256(bytes)) !== body) throw new UnauthenticatedError("The body is not the one signed.");
    };
  }
}

function textOf(claims: Claims): Uint8Array<ArrayBuffer> {
  const { timestamp, nonce, method, path, headerLength, body } = claims;
  // None of them can hold a line break.
  return new TextEncoder().encode([CONTEXT, timestamp, nonce, method, path, headerLength, body].join("\n"));
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function keyOf(secret: string): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, [
    "sign",
    "verify",
  ]);
}

function hex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
