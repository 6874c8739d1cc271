/** Who may ask an origin, and what it takes from others. */
import { request as send } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { InferenceClient } from "../../src/inference/client.ts";
import { HostRefusedError } from "../../src/inference/errors.ts";
import { HEADER_LENGTH } from "../../src/inference/protocol.ts";
import { MAX_CLOCK_SKEW_MS, MIN_SECRET_LENGTH, sign } from "../../src/inference/signature.ts";
import { HELD_PATH, inferRequest, startHeld, type TestOrigin, x, y } from "./start.ts";

const SECRET = "correct horse battery staple";
const TOKEN = "a-token-for-whoever-scrapes";

let origin: TestOrigin;
afterEach(() => origin?.stop());

interface Sent {
  readonly secret?: string;
  readonly now?: number;
  /** Changes the request after it was signed. */
  readonly tampered?: (request: ReturnType<typeof inferRequest>) => ReturnType<typeof inferRequest>;
  readonly path?: string;
}

async function signed({ secret = SECRET, now, tampered = (request) => request, path }: Sent = {}) {
  const request = inferRequest(x(1, 2));
  const signature = await sign(secret, { ...request, url: `${origin.url}${HELD_PATH}` }, now);
  const whole = { ...request, headers: { ...request.headers, ...signature } };
  return () => origin.get(path ?? HELD_PATH, tampered(whole));
}

const statusOf = async (sent?: Sent) => (await (await signed(sent))()).status;

describe("an origin with a secret", () => {
  it("answers a client that has it, and nobody who has another or none", async () => {
    origin = await startHeld({ secret: SECRET });
    expect(y(await origin.client.infer("held", x(1, 2)))).toEqual([2, 4]);
    expect((await origin.client.metadata("held")).name).toBe("held");
    for (const secret of ["correct horse battery stable", undefined]) {
      const stranger = new InferenceClient({ baseUrl: origin.url, secret });
      const error = await stranger.infer("held", x(1)).catch((reason) => reason);
      expect(error).toBeInstanceOf(HostRefusedError);
      expect(error.hostStatus).toBe(401);
      expect((await stranger.metadata("held").catch((reason) => reason)).hostStatus).toBe(401);
    }
  });

  it("takes a request once", async () => {
    origin = await startHeld({ secret: SECRET });
    const request = await signed();
    expect((await request()).status).toBe(200);
    const again = await request();
    expect([again.status, await again.text()]).toEqual([401, expect.stringContaining("sent before")]);
  });

  it("takes no request from another time than its own", async () => {
    origin = await startHeld({ secret: SECRET });
    const margin = 10_000;
    for (const sign of [-1, 1]) {
      expect(await statusOf({ now: Date.now() + sign * (MAX_CLOCK_SKEW_MS + margin) })).toBe(401);
      expect(await statusOf({ now: Date.now() + sign * (MAX_CLOCK_SKEW_MS - margin) })).toBe(200);
    }
  });

  it.each<[string, Sent]>([
    [
      "a byte of the body is another",
      {
        tampered(request) {
          const body = request.body.slice();
          body[body.length - 1]! ^= 1;
          return { ...request, body };
        },
      },
    ],
    [
      "the body is longer",
      { tampered: (request) => ({ ...request, body: new Uint8Array([...request.body, 0]) }) },
    ],
    [
      "its JSON ends elsewhere",
      {
        tampered: (request) => ({
          ...request,
          headers: {
            ...request.headers,
            [HEADER_LENGTH]: String(Number(request.headers[HEADER_LENGTH]) - 1),
          },
        }),
      },
    ],
    ["it goes to another path", { path: "/v2/models/held/versions/000000000000/infer" }],
    ["it has a query", { path: `${HELD_PATH}?x` }],
    ["it has another method", { tampered: (request) => ({ ...request, method: "PUT" }) }],
  ])("refuses a request that was changed on its way: %s", async (_, sent) => {
    const held = await startHeld({ secret: SECRET });
    origin = held;
    expect(await statusOf(sent)).toBe(401);
    expect(held.held.rows()).toEqual([]);
  });

  it("refuses a stranger before the body has come", async () => {
    origin = await startHeld({ secret: SECRET });
    const status = await new Promise((resolve, reject) => {
      const request = send(`${origin.url}${HELD_PATH}`, {
        method: "POST",
        headers: { "content-length": "1000" },
      });
      request.on("response", (response) => resolve(response.statusCode)).on("error", reject);
      request.flushHeaders();
    });
    expect(status).toBe(401);
  });

  it("tells whoever balances load whether it is alive and ready", async () => {
    origin = await startHeld({ secret: SECRET });
    expect((await origin.get("/v2/health/live")).status).toBe(200);
    expect((await origin.get("/v2/health/ready")).status).toBe(200);
    const refused = await origin.get("/v2/models/held");
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Corkboard-HMAC-SHA256"]);
  });

  it(`does not start with fewer than ${MIN_SECRET_LENGTH} characters`, async () => {
    await expect(startHeld({ secret: "s".repeat(MIN_SECRET_LENGTH - 1) })).rejects.toThrow(RangeError);
  });
});

describe("an origin whose secret is replaced", () => {
  const NEXT = "a new horse for the battery staple";

  it("takes the new secret and the one before, and no third, until the one before is taken away", async () => {
    origin = await startHeld({ secret: NEXT, previousSecret: SECRET });
    expect(await statusOf({ secret: SECRET })).toBe(200);
    expect(await statusOf({ secret: NEXT })).toBe(200);
    expect(await statusOf({ secret: `${SECRET},${NEXT}` })).toBe(401);
    await origin.stop();
    origin = await startHeld({ secret: NEXT });
    expect(await statusOf({ secret: SECRET })).toBe(401);
    expect(await statusOf({ secret: NEXT })).toBe(200);
  });

  it("takes a request once, whichever secret has signed it", async () => {
    origin = await startHeld({ secret: NEXT, previousSecret: SECRET });
    const request = await signed({ secret: SECRET });
    expect((await request()).status).toBe(200);
    expect((await request()).status).toBe(401);
  });

  it("does not start with a secret before that is too short, or without one after it", async () => {
    const short = "s".repeat(MIN_SECRET_LENGTH - 1);
    await expect(startHeld({ secret: NEXT, previousSecret: short })).rejects.toThrow(
      /ORIGIN_SECRET_PREVIOUS/,
    );
    await expect(startHeld({ previousSecret: SECRET })).rejects.toThrow(/ORIGIN_SECRET, which is not set/);
  });
});

describe("an origin without a secret", () => {
  it("does not listen where others reach it", async () => {
    await expect(startHeld({ host: "0.0.0.0" })).rejects.toThrow(/ORIGIN_SECRET/);
  });

  it("answers its own machine, and no page whose name was bound to it", async () => {
    origin = await startHeld();
    expect(y(await origin.client.infer("held", x(1)))).toEqual([2]);
    const status = await new Promise((resolve, reject) => {
      const request = send(`${origin.url}/v2/models/held`, { headers: { host: "attacker.example" } });
      request.on("response", (response) => resolve(response.statusCode)).on("error", reject);
      request.end();
    });
    expect(status).toBe(401);
  });
});

describe("metrics", () => {
  it("count what was asked, waited for, computed and answered", async () => {
    origin = await startHeld();
    await origin.client.infer("held", x(1, 2, 3));
    const text = await (await origin.get("/metrics")).text();
    const model = 'model="held@000000000000"';
    for (const line of [
      'corkboard_origin_requests_total{route="/v2/models/:model/infer",status="200"} 1',
      `corkboard_origin_queue_seconds_count{${model}} 1`,
      `corkboard_origin_input_seconds_count{${model}} 1`,
      `corkboard_origin_compute_seconds_count{${model}} 1`,
      `corkboard_origin_output_seconds_count{${model}} 1`,
      `corkboard_origin_batch_rows_sum{${model}} 3`,
      "corkboard_origin_body_bytes 0",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  });

  it("are for whoever has the token, where there is one", async () => {
    origin = await startHeld({ secret: SECRET, metricsToken: TOKEN });
    const statusFor = async (authorization: string) =>
      (await origin.get("/metrics", { headers: { authorization } })).status;
    expect((await origin.get("/metrics")).status).toBe(401);
    expect(await statusFor("Bearer another")).toBe(401);
    expect(await statusFor(`Bearer ${TOKEN}`)).toBe(200);
  });

  it("are for this machine, where there is none", async () => {
    origin = await startHeld({ secret: SECRET });
    expect((await origin.get("/metrics")).status).toBe(200);
    expect((await origin.get("/metrics", { headers: { "x-forwarded-for": "192.0.2.1" } })).status).toBe(401);
  });
});
