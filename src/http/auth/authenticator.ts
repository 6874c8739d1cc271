/** Finds out who asks. */
import { hashSecret, KEY_PREFIX, parseKey } from "./api-key.ts";
import type { Caller } from "./caller.ts";
import { equalBytes } from "./equal-bytes.ts";
import { InvalidKeyError } from "./errors.ts";
import type { KeyVerifier } from "./key-verifier.ts";
import { MAX_BEARER_LENGTH, MIN_ADMIN_TOKEN_LENGTH } from "./limits.ts";
import { isFromThisMachine } from "./loopback.ts";
import type { RateLimits } from "./rate-limits.ts";

export interface AuthenticatorOptions {
  readonly verifier?: KeyVerifier | undefined;
  readonly adminToken?: string | undefined;
  readonly localDevelopment: boolean;
  readonly rateLimits: RateLimits;
}

export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Who holds a key or the admin token; else who is on this machine, or anybody. Any other token counts as none,
   * because clients of OpenAI's API must send one.
   * @throws {InvalidKeyError} for what has the form of a key and is none
   * @throws {RateLimitedError}
   */
  async identify(headers: Headers): Promise<Caller> {
    const token = bearerOf(headers.get("authorization") ?? "");
    if (token?.startsWith(KEY_PREFIX)) return this.#keyHolder(token, headers);
    if (token !== undefined && (await this.#isAdminToken(token))) return { kind: "admin" };
    const local = this.#options.localDevelopment && isFromThisMachine(headers);
    return { kind: local ? "local" : "anonymous" };
  }

  async #keyHolder(token: string, headers: Headers): Promise<Caller> {
    const { verifier, rateLimits } = this.#options;
    const key = parseKey(token);
    const known = key !== undefined && verifier?.remembers(key.id);
    // Guesses count against the address before they cost a question to the store.
    if (!known) await rateLimits.countAddress(headers);
    const scopes = key && (await verifier?.verify(key));
    if (scopes) return { kind: "key", id: key.id, scopes };
    if (known) await rateLimits.countAddress(headers);
    throw new InvalidKeyError();
  }

  async #isAdminToken(token: string): Promise<boolean> {
    const { adminToken = "" } = this.#options;
    if (adminToken.length < MIN_ADMIN_TOKEN_LENGTH) return false;
    const [one, other] = await Promise.all([hashSecret(token), hashSecret(adminToken)]);
    return equalBytes(one, other);
  }
}

function bearerOf(authorization: string): string | undefined {
  if (authorization.length > MAX_BEARER_LENGTH) return undefined;
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}
