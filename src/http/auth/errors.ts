/** Refusals: who asks is not known, may not do this, or asks too often. */
import { Problem } from "../../problem.ts";
import { RATE_LIMIT_PERIOD_SECONDS } from "./limits.ts";
import type { Scope } from "./scope.ts";

/** There is no key, or not a valid one. */
export class UnauthorizedError extends Problem {}

export class KeyRequiredError extends UnauthorizedError {
  constructor(scope: Scope) {
    super({
      status: 401,
      code: "key-required",
      title: "This takes a key",
      detail:
        scope === "admin"
          ? "Keys are managed with the deployment's admin token."
          : `To ${scope} here takes a key.`,
      hint:
        scope === "admin"
          ? "Send the value of the secret ADMIN_TOKEN as `Authorization: Bearer …`."
          : `Send \`Authorization: Bearer ck_…\`; \`npx corkboard keys create <name> --scope ${scope}\` makes one.`,
    });
  }
}

export class InvalidKeyError extends UnauthorizedError {
  constructor() {
    super({
      status: 401,
      code: "invalid-key",
      title: "The key is not valid",
      detail: "There is no such key here, or it was revoked.",
      hint: "`npx corkboard keys list` shows the keys that there are.",
    });
  }
}

/** The key is valid, but not for this. */
export class ForbiddenError extends Problem {
  constructor(scope: Scope) {
    super({
      status: 403,
      code: "scope-missing",
      title: "The key does not allow this",
      detail: `This takes the scope ${scope}, which the key does not have.`,
      hint:
        scope === "admin"
          ? "Only the deployment's admin token manages keys."
          : `Make a key with it: \`npx corkboard keys create <name> --scope ${scope}\`.`,
    });
  }
}

/** The caller asks too often. */
export class RateLimitedError extends Problem {
  constructor() {
    super({
      status: 429,
      code: "rate-limited",
      title: "Too many requests",
      detail: "More requests came from here than are answered.",
      hint: "Wait as long as `retry-after` says, and ask less often; keys have higher limits than addresses.",
      retryAfter: RATE_LIMIT_PERIOD_SECONDS,
    });
  }
}
