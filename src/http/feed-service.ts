/** The feed, made from what a deployment provides. */
import type { Catalog } from "../catalog/catalog.ts";
import { Feed } from "../feed/feed.ts";
import { FEED_BREAKER_COOL_DOWN_MS, FEED_BREAKER_FAILURES } from "../feed/limits.ts";
import { OriginFeed } from "../feed/origin-feed.ts";
import { CircuitBreaker } from "../inference/circuit-breaker.ts";
import type { People } from "../people/people.ts";
import type { AppDependencies, FeedDependencies } from "./dependencies.ts";
import type { Log } from "./middleware/access-log.ts";
import { redact } from "./redact.ts";

export function feedOf(
  { feed = {} }: Pick<AppDependencies, "feed">,
  { people, catalog, log }: { readonly people: People; readonly catalog: Catalog; readonly log: Log },
): Feed {
  return new Feed({
    people,
    catalog,
    origin: originOf(feed),
    onFailure: (path, error) =>
      log({ level: "warn", event: "feed-failure", path, error: redact(String(error)) }),
  });
}

function originOf({ origin, originModel, originDeadlineMs }: FeedDependencies): OriginFeed | undefined {
  if (!origin) return undefined;
  return new OriginFeed({
    inference: origin,
    breaker: new CircuitBreaker({
      failures: FEED_BREAKER_FAILURES,
      coolDownMs: FEED_BREAKER_COOL_DOWN_MS,
    }),
    ...(originModel !== undefined && { model: originModel }),
    ...(originDeadlineMs !== undefined && { deadlineMs: originDeadlineMs }),
  });
}
