/**
 * The one script of the page at `/`, and of its worker: bundlers then need no second entry, and both share code.
 * In a document it brings the page to life; in a worker, which has none, it encodes pictures.
 */
import type { DeviceRequest } from "./encode/messages.ts";
import { startPage } from "./page.ts";

if (typeof document === "undefined") {
  const worker = import("./encode/worker.ts");
  // Listening starts at once: a worker loses messages that arrive while it still imports.
  addEventListener("message", async (event: MessageEvent<DeviceRequest>) => {
    (await worker).serve(event.data);
  });
} else {
  startPage(import.meta.url);
}
