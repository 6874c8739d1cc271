/** How the OpenAPI document says what a route takes. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../context.ts";

/** A key with the scope `read`; none where the deployment lets everybody read. */
export const READ: Record<string, string[]>[] = [{}, { key: ["read"] }];

/** A key with the scope `read`, also where the deployment lets everybody read; none in local development. */
export const KEY: Record<string, string[]>[] = [{ key: ["read"] }];

/** A key with the scope `write`; none in local development. */
export const WRITE: Record<string, string[]>[] = [{ key: ["write"] }];

/** The deployment's admin token. */
export const ADMIN: Record<string, string[]>[] = [{ admin: [] }];

export function registerSecuritySchemes(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "ck_<id>_<secret>",
    description: "An API key with the scopes `read` or `write`.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "admin", {
    type: "http",
    scheme: "bearer",
    description: "The value of the secret `ADMIN_TOKEN`.",
  });
}
