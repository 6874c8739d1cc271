/** `corkboard/client`: a typed client without dependencies. */
export type { BatchOptions } from "./batch.ts";
export type * from "./board-types.ts";
export { Corkboard } from "./corkboard.ts";
export {
  ConflictError,
  ConnectionError,
  ForbiddenError,
  NotFoundError,
  type ProblemDetails,
  ProblemError,
  RateLimitError,
  UnauthorizedError,
  UnavailableError,
} from "./errors.ts";
export type * from "./people-types.ts";
export type { WriteOptions } from "./routes.ts";
export type { CallOptions, TransportOptions } from "./transport.ts";
export type * from "./types.ts";
