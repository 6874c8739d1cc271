/** `npm run origin` as it is built. */
import type { ChildProcess } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { InferenceClient } from "../../src/inference/client.ts";
import { startCommand } from "./command.ts";

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill("SIGKILL");
});

function start(options: readonly string[], secret?: string) {
  const command = startCommand(options, secret);
  child = command.process;
  return command;
}

describe("npm run origin", () => {
  it("loads models, says what runs them and where it listens, answers, and stops when it is told to", async () => {
    const secret = "correct horse battery staple";
    const {
      process: command,
      said,
      ended,
    } = start(["--port", "0", "--models", "pinclip-fusion,itemsage", "--provider", "cpu"], secret);
    await expect.poll(said, { timeout: 60_000 }).toContain("The origin is at");
    expect(said()).toMatch(/pinclip-fusion@\w{12} fp32, native on cpu, ready after [\d.]+ s/);
    const baseUrl = /http:\/\/\S+/.exec(said())![0];
    expect(await new InferenceClient({ baseUrl, secret }).ready()).toBe(true);
    command.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("does not start with a mistake in its options, and says which", async () => {
    for (const [options, message] of [
      [["--models", "nothing"], /no such model/],
      [["--host", "0.0.0.0"], /ORIGIN_SECRET/],
      [["--max-batch", "65"], /whole number from 1 to 64/],
      [["--batch-window", "1001"], /whole number from 0 to 1000/],
      [["--provider", "tpu"], /Allowed choices are/],
    ] as [string[], RegExp][]) {
      const { said, ended } = start(["--port", "0", ...options]);
      expect(await ended).toBe(1);
      expect(said()).toMatch(message);
    }
  });
});
