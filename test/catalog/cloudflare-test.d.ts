/** What the tests use of the module that the Workers test pool brings along. */
declare module "cloudflare:test" {
  import type {
    DurableObjectNamespace,
    DurableObjectState,
    Queue,
    R2Bucket,
    RateLimit,
  } from "@cloudflare/workers-types";

  /** Bindings of the project `workerd` in the test configuration. */
  export const env: {
    BOARDS: DurableObjectNamespace;
    CATALOG: DurableObjectNamespace;
    EVENTS: R2Bucket;
    KEYS: DurableObjectNamespace;
    PEOPLE: DurableObjectNamespace;
    PICTURES: R2Bucket;
    EMBEDDING_QUEUE: Queue;
    EVENT_QUEUE: Queue;
    /** Lets three requests of a key pass in a minute. */
    THREE: RateLimit;
  };
  export function runInDurableObject<Instance, Result>(
    stub: unknown,
    run: (instance: Instance, state: DurableObjectState) => Result | Promise<Result>,
  ): Promise<Result>;
  /** Runs the alarm now; answers whether one was set. */
  export function runDurableObjectAlarm(stub: unknown): Promise<boolean>;
  /** Ends all Durable Objects, as the end of their process would; what they stored stays. */
  export function abortAllDurableObjects(): Promise<void>;
}
