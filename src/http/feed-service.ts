/** The feed, made from what a deployment provides. */
import type { Catalog } from "../catalog/catalog.ts";
import { Feed } from "../feed/feed.ts";
import { FEED_BREAKER_COOL_DOWN_MS, FEED_BREAKER_FAILURES, FEED_ORIGIN_DEADLINE_MS } from "../feed/limits.ts";
import { ORIGIN_MODEL, OriginFeed } from "../feed/origin-feed.ts";
import { CircuitBreaker } from "../inference/circuit-breaker.ts";
import type { People } from "../people/people.ts";
import { pinnedName } from "../runtime/manifest.ts";
import type { AppDependencies, FeedDependencies } from "./dependencies.ts";
import type { Log } from "./middleware/access-log.ts";
import { redact } from "./redact.ts";

export function feedOf(
  { models, feed = {} }: Pick<AppDependencies, "models" | "feed">,
  { people, catalog, log }: { readonly people: People; readonly catalog: Catalog; readonly log: Log },
): Feed {
  return new Feed({
    people,
    catalog,
    origin: originOf(feed, models),
    onFailure: (path, error) =>
      log({ level: "warn", event: "feed-failure", path, error: redact(String(error)) }),
  });
}

/** Where the cascade's model is deployed here too, the origin has to answer with the same revision. */
function originOf(
  { origin, originDeadlineMs = FEED_ORIGIN_DEADLINE_MS }: FeedDependencies,
  models: AppDependencies["models"],
): OriginFeed | undefined {
  if (!origin) return undefined;
  const manifest = models.find(({ name }) => name === ORIGIN_MODEL);
  return new OriginFeed({
    inference: origin,
    deadlineMs: originDeadlineMs,
    breaker: new CircuitBreaker({
      failures: FEED_BREAKER_FAILURES,
      coolDownMs: FEED_BREAKER_COOL_DOWN_MS,
    }),
    ...(manifest && { model: pinnedName(manifest) }),
  });
}
