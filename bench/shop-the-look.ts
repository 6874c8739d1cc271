/** Shop the Look as a service: batches of crops, stages of a request, the cache under real traffic, the detector. */
import type { Report } from "./report.ts";
import { batching } from "./shop-the-look/batching.ts";
import { detector } from "./shop-the-look/detector.ts";
import { service } from "./shop-the-look/service.ts";

export const bench: Report = {
  title: "Shop the Look",
  rounds: 3,
  sections: [batching("engine"), batching("onnxruntime-web"), detector, service],
};
