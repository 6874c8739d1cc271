import { Miniflare, serializeConfig } from "miniflare";
import { afterEach, describe, expect, it } from "vitest";
import { v8FlagsEnvironment, withV8Flags } from "../../src/cli/server/v8-flags.ts";

const FLAGS = ["--expose-gc", "--stack-size=900"];
const WORKER = { name: "a", worker: { modules: [{ name: "a", esModule: "export default {}" }] } };

const message = (config: object) =>
  Buffer.from(serializeConfig(config as Parameters<typeof serializeConfig>[0]));
const flags = message({ v8Flags: FLAGS });

describe("a configuration with V8 flags", () => {
  it("keeps all that it had, a segment more and a pointer apart", () => {
    const before = message({ services: [WORKER] });
    const after = withV8Flags(before, flags);
    expect(after.readUInt32LE(0)).toBe(before.readUInt32LE(0) + 1);
    expect(after.includes(Buffer.from("--expose-gc\0"))).toBe(true);
    const [own, now] = [before.subarray(8), after.subarray(16)];
    const changed = Array.from({ length: own.length / 8 }, (_, n) => n).filter(
      (n) => own.readBigUInt64LE(8 * n) !== now.readBigUInt64LE(8 * n),
    );
    expect(changed).toHaveLength(1);
    expect(own.readBigUInt64LE(8 * changed[0]!)).toBe(0n);
  });

  it("is refused where there are flags, or no configuration", () => {
    expect(() => withV8Flags(withV8Flags(message({ services: [WORKER] }), flags), flags)).toThrow(RangeError);
    expect(() => withV8Flags(Buffer.alloc(0), flags)).toThrow(RangeError);
    expect(() => withV8Flags(message({ services: [WORKER] }), message({}))).toThrow(RangeError);
  });
});

describe("workerd", () => {
  const present = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in present)) delete process.env[name];
  });

  const script = "export default { fetch: () => new Response(typeof globalThis.gc) }";
  const answer = async () => {
    const miniflare = new Miniflare({ modules: true, script, compatibilityDate: "2026-04-24" });
    try {
      return await (await miniflare.dispatchFetch("http://localhost")).text();
    } finally {
      await miniflare.dispose();
    }
  };

  it("runs with the flags that it is given, and without any where it is given none", async () => {
    expect(await answer()).toBe("undefined");
    Object.assign(process.env, await v8FlagsEnvironment(FLAGS));
    expect(process.env.MINIFLARE_WORKERD_PATH).toMatch(/workerd\.sh$/);
    expect(await answer()).toBe("function");
  });

  it("ends when Miniflare ends it, the script before it notwithstanding", async () => {
    Object.assign(process.env, await v8FlagsEnvironment(FLAGS));
    const miniflare = new Miniflare({ modules: true, script, compatibilityDate: "2026-04-24" });
    const url = await miniflare.ready;
    expect((await fetch(url)).status).toBe(200);
    await miniflare.dispose();
    await expect(fetch(url)).rejects.toThrow();
  });

  it("is whatever somebody has chosen before", async () => {
    process.env.MINIFLARE_WORKERD_PATH = "/opt/workerd";
    expect(await v8FlagsEnvironment(FLAGS)).toEqual({});
  });
});
