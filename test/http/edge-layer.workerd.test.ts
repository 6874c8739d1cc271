/** The edge layer on workerd's own Cache API. */

import type { EdgeCache } from "../../src/http/cache/edge-layer.ts";
import { edgeLayer } from "../../src/http/cache/edge-layer.ts";
import { testEmbeddingLayer } from "./layer-contract.ts";

const { default: cache } = caches as unknown as { default: EdgeCache };
let made = 0;

// Each test gets an origin of its own, as the cache is one for all.
testEmbeddingLayer("edge layer in workerd", () => edgeLayer(cache, `https://cork-${++made}.example`));
