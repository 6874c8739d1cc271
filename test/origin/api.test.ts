/** The API's way to an origin. */
import { afterEach, expect, it, vi } from "vitest";
import { inferenceOf } from "../../functions/api/inference.ts";
import { startHeld, type TestOrigin, x, y } from "./start.ts";

const ORIGIN_SECRET = "correct horse battery staple";
const MODEL_HOST = { fetch: vi.fn(async () => new Response(null, { status: 503 })) };

let origin: TestOrigin | undefined;
afterEach(() => origin?.stop());

it("goes to the origin that the configuration names, signed, and to the model host where it names none", async () => {
  origin = await startHeld({ secret: ORIGIN_SECRET });
  const toOrigin = inferenceOf({ MODEL_HOST, ORIGIN_URL: origin.url, ORIGIN_SECRET });
  expect(y(await toOrigin.infer("held@000000000000", x(3)))).toEqual([6]);
  expect(MODEL_HOST.fetch).not.toHaveBeenCalled();
  await expect(inferenceOf({ MODEL_HOST }).infer("held", x(3))).rejects.toThrow();
  expect(MODEL_HOST.fetch).toHaveBeenCalledOnce();
});
