/** Lets a request pass when its caller may do what it asks for, and asks not too often. */
import type { MiddlewareHandler } from "hono";
import type { Authenticator } from "../auth/authenticator.ts";
import { permits } from "../auth/caller.ts";
import { ForbiddenError, KeyRequiredError } from "../auth/errors.ts";
import type { RateLimits } from "../auth/rate-limits.ts";
import { scopeOf } from "../auth/scope.ts";
import type { AppEnv } from "../context.ts";

export interface AuthorizeOptions {
  readonly authenticator: Authenticator;
  readonly rateLimits: RateLimits;
  readonly publicRead: boolean;
}

export function authorize(options: AuthorizeOptions): MiddlewareHandler<AppEnv> {
  const { authenticator, rateLimits, publicRead } = options;
  return async function authorize(c, next) {
    const { headers } = c.req.raw;
    const caller = await authenticator.identify(headers);
    c.var.facts.caller = caller.kind === "key" ? `key ${caller.id}` : caller.kind;
    await rateLimits.count(caller, headers, c.req.path);
    const scope = scopeOf(c.req.method, c.req.path);
    if (!permits(caller, scope, publicRead)) {
      throw caller.kind === "key" ? new ForbiddenError(scope) : new KeyRequiredError(scope);
    }
    await next();
  };
}
