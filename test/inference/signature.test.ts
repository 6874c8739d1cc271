import { createHash, createHmac } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import {
  ReplayedRequestError,
  TooManyRequestsError,
  UnauthenticatedError,
} from "../../src/inference/errors.ts";
import { MAX_NONCES, NonceMemory } from "../../src/inference/nonce-memory.ts";
import { HEADER_LENGTH } from "../../src/inference/protocol.ts";
import { MAX_CLOCK_SKEW_MS, NONCE_PERIOD_MS, SignatureCheck, sign } from "../../src/inference/signature.ts";

const SECRET = "correct horse battery staple";
const NOW = 1_800_000_000_000;
const body = new TextEncoder().encode("{}");
const request = {
  method: "POST",
  url: "https://origin/v2/models/a/infer?x=1",
  headers: { [HEADER_LENGTH]: "2" },
  body,
};

const checkOf = (nonces = new NonceMemory(NONCE_PERIOD_MS)) => new SignatureCheck([SECRET], nonces);
async function signed(now = NOW) {
  const headers = { ...request.headers, ...(await sign(SECRET, request, now)) };
  return new Request(request.url, { method: "POST", headers });
}

describe("a signature", () => {
  it("is HMAC-SHA256 over what decides the request, line by line", async () => {
    const { authorization } = await sign(SECRET, request, NOW);
    const { nonce, signature } = /nonce=(?<nonce>\w+), .*signature=(?<signature>\w+)$/.exec(authorization)!
      .groups!;
    const digest = createHash("sha256").update(body).digest("hex");
    const text = ["corkboard-origin-v1", NOW, nonce, "POST", "/v2/models/a/infer?x=1", "2", digest].join(
      "\n",
    );
    expect(signature).toBe(createHmac("sha256", SECRET).update(text).digest("hex"));
    expect(authorization).toContain(`timestamp=${NOW}, `);
    expect(authorization).toContain(`body=${digest}, `);
  });

  it("fits its request and its body, once", async () => {
    const check = checkOf();
    const whole = await signed();
    const checkBody = await check.check(whole, NOW);
    await checkBody(body);
    await expect(checkBody(new TextEncoder().encode("[]"))).rejects.toThrow(UnauthenticatedError);
    await expect(check.check(whole, NOW)).rejects.toThrow(ReplayedRequestError);
  });

  it("fits when any of the secrets has signed it, and is checked with all of them", async () => {
    const others = ["another horse battery staple", "one more horse battery staple"];
    for (const secrets of [
      [SECRET, ...others],
      [...others, SECRET],
    ]) {
      const verify = vi.spyOn(crypto.subtle, "verify");
      const check = new SignatureCheck(secrets, new NonceMemory(NONCE_PERIOD_MS));
      await (await check.check(await signed(), NOW))(body);
      expect(verify).toHaveBeenCalledTimes(secrets.length);
      verify.mockRestore();
    }
    const check = new SignatureCheck(others, new NonceMemory(NONCE_PERIOD_MS));
    await expect(check.check(await signed(), NOW)).rejects.toThrow(UnauthenticatedError);
  });

  it(`is good for ${MAX_CLOCK_SKEW_MS} ms, whichever clock is ahead`, async () => {
    for (const skew of [-MAX_CLOCK_SKEW_MS, MAX_CLOCK_SKEW_MS]) {
      await checkOf().check(await signed(NOW + skew), NOW);
      await expect(checkOf().check(await signed(NOW + skew + Math.sign(skew)), NOW)).rejects.toThrow(
        /clocks/,
      );
    }
  });

  it("is remembered as long as it is good, even if it is from the future", async () => {
    const check = checkOf();
    const early = await signed(NOW + MAX_CLOCK_SKEW_MS);
    await check.check(early, NOW);
    for (let now = NOW; now <= NOW + 2 * MAX_CLOCK_SKEW_MS; now += 10_000) {
      await expect(check.check(early, now)).rejects.toThrow(ReplayedRequestError);
    }
  });

  it.each([
    "",
    "Bearer token",
    "Corkboard-HMAC-SHA256 timestamp=1",
    `Corkboard-HMAC-SHA256 ${"x".repeat(10_000)}`,
  ])("is not %j", async (authorization) => {
    const unsigned = new Request(request.url, { headers: authorization ? { authorization } : {} });
    await expect(checkOf().check(unsigned, NOW)).rejects.toThrow(UnauthenticatedError);
  });

  it("that does not fit leaves no trace in memory", async () => {
    const nonces = new NonceMemory(NONCE_PERIOD_MS, 1);
    const check = checkOf(nonces);
    const other = await sign("another secret of some length", request, NOW);
    const forged = new Request(request.url, { method: "POST", headers: { ...request.headers, ...other } });
    for (let i = 0; i < 3; i++) await expect(check.check(forged, NOW)).rejects.toThrow(UnauthenticatedError);
    await check.check(await signed(), NOW);
  });
});

describe("the memory of nonces", () => {
  it("forgets after one period at least and two at most", () => {
    const nonces = new NonceMemory(100);
    expect(nonces.isNew("a", 0)).toBe(true);
    expect(nonces.isNew("b", 99)).toBe(true);
    expect([nonces.isNew("a", 150), nonces.isNew("b", 198)]).toEqual([false, false]);
    expect([nonces.isNew("a", 200), nonces.isNew("b", 200)]).toEqual([true, true]);
    expect(nonces.isNew("a", 1000)).toBe(true);
  });

  it("takes no more than it can keep, and says when there is room again", () => {
    const nonces = new NonceMemory(5_000, 2);
    nonces.isNew("a", 0);
    nonces.isNew("b", 1_000);
    const error = (() => {
      try {
        return nonces.isNew("c", 2_000);
      } catch (reason) {
        return reason;
      }
    })();
    expect(error).toBeInstanceOf(TooManyRequestsError);
    expect(error).toMatchObject({ status: 429, retryAfter: 3 });
    expect(nonces.isNew("c", 5_000)).toBe(true);
    expect(nonces.isNew("b", 5_000)).toBe(false);
  });

  it(`has room for ${MAX_NONCES} in a period`, () => {
    const nonces = new NonceMemory(1_000);
    for (let i = 0; i < MAX_NONCES; i++) nonces.isNew(String(i), 0);
    expect(() => nonces.isNew("one more", 0)).toThrow(TooManyRequestsError);
  });
});
