/** The feed, made from what a deployment provides. */
import type { Catalog } from "../catalog/catalog.ts";
import type { Space } from "../catalog/shard/protocol.ts";
import type { Ranker } from "../feed/edge-feed.ts";
import { EdgeRanker, ForeignRankerError } from "../feed/edge-ranker.ts";
import { Feed } from "../feed/feed.ts";
import { FEED_BREAKER_COOL_DOWN_MS, FEED_BREAKER_FAILURES, FEED_RANKER_DEADLINE_MS } from "../feed/limits.ts";
import { OriginFeed } from "../feed/origin-feed.ts";
import { CircuitBreaker } from "../inference/circuit-breaker.ts";
import type { People } from "../people/people.ts";
import type { Inference } from "../vision/unified-embedding.ts";
import type { AppDependencies, FeedDependencies } from "./dependencies.ts";
import type { Log } from "./middleware/access-log.ts";
import { modelOf } from "./model-registry.ts";
import { redact } from "./redact.ts";

export function feedOf(
  { models, inference, feed = {} }: Pick<AppDependencies, "models" | "inference" | "feed">,
  { people, catalog, log }: { readonly people: People; readonly catalog: Catalog; readonly log: Log },
): Feed {
  return new Feed({
    people,
    catalog,
    origin: originOf(feed),
    rankerFor: rankersOf(models, inference, log),
    onFailure: (path, error) =>
      log({ level: "warn", event: "feed-failure", path, error: redact(String(error)) }),
  });
}

/** The ranker of a space, if a model is deployed that was made for its vectors. */
function rankersOf(
  models: AppDependencies["models"],
  inference: Inference,
  log: Log,
): (space: Space) => Ranker | undefined {
  const rankers = new Map<string, Ranker>();
  for (const manifest of models) {
    if (manifest.task !== "ranking" || rankers.has(manifest.ranking.content)) continue;
    try {
      const ranker = new EdgeRanker(manifest, inference, { timeoutMs: FEED_RANKER_DEADLINE_MS });
      rankers.set(manifest.ranking.content, ranker);
    } catch (error) {
      if (!(error instanceof ForeignRankerError)) throw error;
      log({ level: "warn", event: "setting", detail: error.message });
    }
  }
  return (space) => rankers.get(modelOf(space));
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
