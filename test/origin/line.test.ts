/** Who waits for an inference, who no longer does, and who is refused. */
import { afterEach, describe, expect, it } from "vitest";
import { DeadlineExceededError, HostUnavailableError } from "../../src/inference/errors.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { DEADLY } from "../runtime/held.ts";
import { HELD_PATH, hangUpLater, inferRequest, startHeld, x, y } from "./start.ts";

let origin: Awaited<ReturnType<typeof startHeld>>;
afterEach(() => origin.stop());

const outcome = (call: Promise<unknown>) => call.catch((error) => error);
const infer = (...numbers: number[]) => origin.client.infer("held", x(...numbers));

/** A thread takes longer than a second to start on a busy machine. */
const PATIENCE = { timeout: 20_000 };

/** Waits until so many inferences have started. */
const runs = (count: number) => expect.poll(() => origin.held.rows().length, PATIENCE).toBe(count);
/** Waits until so many requests have been answered with tensors or wait for them. */
async function waiting(count: number): Promise<void> {
  await expect
    .poll(
      async () =>
        Number(/^corkboard_origin_waiting (\d+)$/m.exec(await (await origin.get("/metrics")).text())?.[1]),
      PATIENCE,
    )
    .toBe(count);
}

describe("the line of an origin", () => {
  it("takes along who waits while an inference runs, and no more rows than fit", async () => {
    origin = await startHeld({ maxBatch: 3 });
    origin.held.hold();
    const first = infer(1);
    await runs(1);
    const others = [infer(2), infer(3), infer(4), infer(5)];
    await waiting(4);
    origin.held.release();
    expect((await Promise.all([first, ...others])).map(y)).toEqual([[2], [4], [6], [8], [10]]);
    expect(origin.held.rows()).toEqual([1, 3, 1]);
  });

  it("stays responsive while every inference is blocked", async () => {
    origin = await startHeld();
    origin.held.hold();
    const blocked = infer(1);
    await runs(1);
    expect((await origin.get("/v2/health/live")).status).toBe(200);
    expect((await origin.client.metadata("held")).parameters).toMatchObject({ provider: "held" });
    origin.held.release();
    expect(y(await blocked)).toEqual([2]);
  });

  it("refuses at once when it is full, saying when to come again", async () => {
    origin = await startHeld({ maxWaiting: 1 });
    origin.held.hold();
    const first = infer(1);
    await runs(1);
    const second = infer(2);
    await waiting(1);
    const refused = await origin.get(HELD_PATH, inferRequest());
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    origin.held.release();
    expect((await Promise.all([first, second])).map(y)).toEqual([[2], [4]]);
  });

  it("never runs a request whose caller hung up while it waited", async () => {
    origin = await startHeld();
    origin.held.hold();
    const first = infer(1);
    await runs(1);
    const hangUp = hangUpLater(origin, x(2, 2, 2));
    await waiting(1);
    hangUp();
    await waiting(0);
    const third = infer(3);
    await waiting(1);
    origin.held.release();
    expect((await Promise.all([first, third])).map(y)).toEqual([[2], [6]]);
    expect(origin.held.rows()).toEqual([1, 1]);
  });

  it("never runs a request whose time is over", async () => {
    origin = await startHeld();
    origin.held.hold();
    const first = infer(1);
    await runs(1);
    const late = origin.client.infer("held", x(2, 2), { timeoutMs: 60 });
    await expect(late).rejects.toThrow(DeadlineExceededError);
    await waiting(0);
    origin.held.release();
    await first;
    expect(origin.held.rows()).toEqual([1]);
  });

  it("keeps the place of an inference that runs on after its caller's time", async () => {
    origin = await startHeld();
    await infer(1);
    origin.held.hold();
    await expect(origin.client.infer("held", x(2), { timeoutMs: 60 })).rejects.toThrow(DeadlineExceededError);
    await runs(2);
    const next = infer(2);
    await waiting(1);
    expect(origin.held.rows()).toEqual([1, 1]);
    origin.held.release();
    expect(y(await next)).toEqual([4]);
  });
});

describe("an engine's thread that dies", () => {
  it("costs those that ran there a 503, and nobody after them", async () => {
    origin = await startHeld();
    const error = await outcome(infer(DEADLY));
    expect(error).toBeInstanceOf(HostUnavailableError);
    expect(error).toMatchObject({ status: 503, retryAfter: 1 });
    expect(y(await infer(1))).toEqual([2]);
    expect(await origin.client.ready()).toBe(true);
  });

  it("costs nobody else in the batch anything", async () => {
    origin = await startHeld();
    origin.held.hold();
    const first = infer(1);
    await runs(1);
    const others = [infer(2), outcome(infer(DEADLY)), infer(3)];
    await waiting(3);
    origin.held.release();
    await first;
    const [two, dead, three] = await Promise.all(others);
    expect(dead).toBeInstanceOf(HostUnavailableError);
    expect([two, three].map((answer) => y(answer as Tensors))).toEqual([[4], [6]]);
  });
});
