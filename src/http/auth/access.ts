/** Who may do what, made from what a deployment says. */
import type { AccessOptions } from "../dependencies.ts";
import type { AuthorizeOptions } from "../middleware/authorize.ts";
import type { KeyRouteOptions } from "../routes/keys.ts";
import { Authenticator } from "./authenticator.ts";
import { KeyVerifier } from "./key-verifier.ts";
import { MIN_ADMIN_TOKEN_LENGTH } from "./limits.ts";
import { RateLimits } from "./rate-limits.ts";

export interface Access extends AuthorizeOptions {
  /** Where the deployment has keys. */
  readonly keys: KeyRouteOptions | undefined;
}

/** @param log told of settings that do nothing */
export function accessOf(
  options: AccessOptions = {},
  log: (record: Record<string, unknown>) => void,
): Access {
  const { keys, adminToken, publicRead = true, localDevelopment = false } = options;
  const verifier = keys && new KeyVerifier(keys);
  const rateLimits = new RateLimits(options.rateLimits ?? {});
  if (adminToken && adminToken.length < MIN_ADMIN_TOKEN_LENGTH) {
    const detail = `ADMIN_TOKEN is ignored: it has less than ${MIN_ADMIN_TOKEN_LENGTH} characters`;
    log({ level: "warn", event: "setting", detail });
  }
  return {
    authenticator: new Authenticator({ verifier, adminToken, localDevelopment, rateLimits }),
    rateLimits,
    publicRead,
    keys: keys && verifier && { keys, verifier },
  };
}
