/** What the catalogue uses of the module that workerd brings along. */
declare module "cloudflare:workers" {
  import type { DurableObjectState } from "@cloudflare/workers-types";

  export abstract class DurableObject<Env = unknown> {
    protected readonly ctx: DurableObjectState;
    protected readonly env: Env;
    alarm?(): void | Promise<void>;
    constructor(ctx: DurableObjectState, env: Env);
  }
}
