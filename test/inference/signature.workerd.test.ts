import { expect, it } from "vitest";
import { NonceMemory } from "../../src/inference/nonce-memory.ts";
import { NONCE_PERIOD_MS, SignatureCheck, sign } from "../../src/inference/signature.ts";

it("a Worker signs as an origin checks", async () => {
  const secret = "correct horse battery staple";
  const body = new TextEncoder().encode("{}");
  const message = { method: "POST", url: "https://origin/v2/models/a/infer", headers: {}, body };
  const headers = await sign(secret, message);
  const check = new SignatureCheck([secret], new NonceMemory(NONCE_PERIOD_MS));
  const checkBody = await check.check(new Request(message.url, { method: "POST", headers, body }));
  await expect(checkBody(body)).resolves.toBeUndefined();
});
