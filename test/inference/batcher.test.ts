import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Batcher, type BatchRequest, type SessionUse } from "../../src/inference/batcher.ts";
import { CallerGoneError, DeadlineExceededError, QueueFullError } from "../../src/inference/errors.ts";
import type { BatchEvent } from "../../src/inference/observer.ts";
import { InferenceQueue } from "../../src/inference/queue.ts";
import { InferenceError, InvalidTensorError } from "../../src/runtime/errors.ts";
import type { Session } from "../../src/runtime/session.ts";
import type { NumericTensors, Tensor, Tensors } from "../../src/runtime/tensor.ts";
import { assertInputs, assertOutputs } from "../../src/runtime/validate.ts";

/** A model whose answer to a row is twice the row, and which fails on a batch with a NaN in it. */
class FakeSession implements Partial<Session> {
  readonly inputs = [{ name: "x", datatype: "FP32" as const, shape: [-1, -1] }];
  readonly outputs = ["twice", "same"].map((name) => ({
    name,
    datatype: "FP32" as const,
    shape: [-1, -1],
  }));
  /** The first number of each row, a list a run. */
  readonly runs: number[][] = [];

  async run(inputs: Tensors, outputs: readonly string[] = ["twice", "same"]): Promise<NumericTensors> {
    assertInputs(this.inputs, inputs);
    assertOutputs(this.outputs, outputs);
    const { shape, data } = inputs.x as Extract<Tensor, { datatype: "FP32" }>;
    this.runs.push(Array.from({ length: shape[0]! }, (_, row) => data[row * shape[1]!]!));
    if (data.some(Number.isNaN)) throw new InferenceError("fake", "not a number");
    const answers = { twice: data.map((value) => 2 * value), same: data.slice() };
    return Object.fromEntries(
      outputs.map((name) => [
        name,
        { datatype: "FP32" as const, shape, data: answers[name as "twice" | "same"] },
      ]),
    );
  }
}

/** Sessions run as many rows at once as a batch has, unless a test says otherwise. */
function setUp(
  options: {
    windowMs?: number;
    maxRows?: number;
    rowsAtOnce?: number;
    maxWaiting?: number;
    lanes?: number;
  } = {},
) {
  const { maxWaiting, maxRows = 8, rowsAtOnce = maxRows, windowMs = 0, lanes } = options;
  const queue = new InferenceQueue({ maxWaiting, lanes, holdersReturn: lanes !== undefined });
  const batcher = new Batcher({ queue, windowMs, maxRows, rowsAtOnce });
  const session = new FakeSession();
  const use: SessionUse = (work) => work(session as unknown as Session);
  const send = (values: readonly number[], request: Partial<BatchRequest> = {}, with_: SessionUse = use) =>
    batcher.run({ model: "a", inputs: rows(values), deadline: Date.now() + 60_000, ...request }, with_);
  return { batcher, queue, session, send };
}

/** One row of one number for each value. */
function rows(values: readonly number[], width = 1): Tensors {
  const data = Float32Array.from(values.flatMap((value) => Array<number>(width).fill(value)));
  return { x: { datatype: "FP32", shape: [values.length, width], data } };
}

const numbers = (answer: Tensors, output = "twice") => [...(answer[output]!.data as Float32Array)];
const outcome = (promise: Promise<unknown>) => promise.catch((error) => error);
/** Lets everything happen that is due within so many milliseconds. */
const pass = (ms = 1) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the batcher", () => {
  it("runs together what has gathered behind the first in line, and answers each its own rows", async () => {
    const { send, session } = setUp();
    const answers = Promise.all([send([1]), send([2, 3]), send([4])]);
    await pass();
    expect((await answers).map((answer) => numbers(answer))).toEqual([[2], [4, 6], [8]]);
    expect(session.runs).toEqual([[1, 2, 3, 4]]);
  });

  it("answers with the shape and the outputs that a run alone answers with", async () => {
    const { send, session } = setUp();
    const request = { outputs: ["same"] };
    const [, two] = [send([1], request), send([2, 3], request)];
    await pass();
    expect(await two).toEqual(await session.run(rows([2, 3]), ["same"]));
  });

  it("waits for company until the window is over, counted from the arrival", async () => {
    const { send, session } = setUp({ windowMs: 20 });
    const first = send([1]);
    await pass(10);
    const second = send([2]);
    await pass(8);
    expect(session.runs).toEqual([]);
    await pass(4);
    expect(session.runs).toEqual([[1, 2]]);
    const third = send([3]);
    await pass(25);
    expect((await Promise.all([first, second, third])).map((answer) => numbers(answer))).toEqual([
      [2],
      [4],
      [6],
    ]);
    expect(session.runs).toEqual([[1, 2], [3]]);
  });

  it("does not wait longer than until the batch is full", async () => {
    const { send, session } = setUp({ windowMs: 500, maxRows: 3 });
    const [a, b] = [send([1]), send([2, 3])];
    await pass(5);
    expect(session.runs).toEqual([[1, 2, 3]]);
    await Promise.all([a, b]);
  });

  it("does not wait while somebody is in line who cannot join", async () => {
    const { send, session } = setUp({ windowMs: 500 });
    const first = send([1]);
    await pass(5);
    const other = send([2], { model: "b" });
    await pass(5);
    expect(session.runs).toEqual([[1]]);
    await pass(500);
    await Promise.all([first, other]);
    expect(session.runs).toEqual([[1], [2]]);
  });

  it("does not wait where somebody's deadline falls within the window", async () => {
    const { send } = setUp({ windowMs: 500 });
    const first = send([1]);
    await pass(5);
    const hurried = send([2], { deadline: Date.now() + 50 });
    await pass(10);
    expect(numbers(await hurried)).toEqual([4]);
    await first;
  });

  it("fills a batch no further than its rows, in the order of arrival", async () => {
    const { send, session } = setUp({ maxRows: 4 });
    const all = Promise.all([send([1, 2]), send([3]), send([4, 5]), send([6])]);
    await pass(5);
    await all;
    expect(session.runs).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it("runs a request with more rows than a batch alone, in slices", async () => {
    const { send, session } = setUp({ maxRows: 2 });
    const all = Promise.all([send([1, 2, 3]), send([4])]);
    await pass(5);
    expect(numbers((await all)[0])).toEqual([2, 4, 6]);
    expect(session.runs).toEqual([[1, 2], [3], [4]]);
  });

  it("runs nothing together with a batch of one", async () => {
    const { send, session } = setUp({ maxRows: 1 });
    const all = Promise.all([send([1]), send([2])]);
    await pass(5);
    await all;
    expect(session.runs).toEqual([[1], [2]]);
  });

  it("runs a batch as few rows at once as the session should, and counts it as one", async () => {
    const { batcher, send, session } = setUp({ rowsAtOnce: 2 });
    const all = Promise.all([send([1]), send([2]), send([3])]);
    await pass(5);
    expect((await all).map((answer) => numbers(answer))).toEqual([[2], [4], [6]]);
    expect(session.runs).toEqual([[1, 2], [3]]);
    expect(batcher.statistics("a")).toEqual({ inference_count: 3, execution_count: 1 });
  });

  it("waits for nobody, takes four rows together and runs them one by one unless it is told otherwise", async () => {
    const session = new FakeSession();
    const batcher = new Batcher({ queue: new InferenceQueue() });
    const request = (value: number) =>
      batcher.run({ model: "a", inputs: rows([value]), deadline: Date.now() + 1000 }, (work) =>
        work(session as unknown as Session),
      );
    const all = Promise.all([1, 2, 3, 4, 5].map(request));
    await pass(5);
    await all;
    expect(session.runs).toEqual([[1], [2], [3], [4], [5]]);
    expect([batcher.windowMs, batcher.statistics("a").execution_count]).toEqual([0, 2]);
  });

  it.each([
    ["models", { model: "b" }],
    ["outputs", { outputs: ["twice"] }],
    ["row shapes", { inputs: rows([2], 3) }],
  ])("never joins different %s, and each has its turn", async (_, difference) => {
    const { send, session } = setUp();
    const all = Promise.all([send([1]), send([2], difference), send([3])]);
    await pass(5);
    expect((await all).map((answer) => numbers(answer)[0])).toEqual([2, 4, 6]);
    expect(session.runs).toEqual([[1, 3], [2]]);
  });

  it("runs a model without free first dimensions one request at a time", async () => {
    const { send, session } = setUp();
    session.outputs[0]!.shape[0] = 1;
    const all = Promise.all([send([1]), send([2])]);
    await pass(5);
    await all;
    expect(session.runs).toEqual([[1], [2]]);
  });
});

describe("a batcher with several lanes", () => {
  it("starts the next batch while one runs, and nobody runs twice", async () => {
    const { batcher, send, session } = setUp({ lanes: 2, maxRows: 2 });
    const held = holding(session);
    const all = Promise.all([1, 2, 3, 4, 5].map((value) => send([value])));
    await pass(5);
    expect(session.runs).toEqual([
      [1, 2],
      [3, 4],
    ]);
    held.release();
    await pass(5);
    expect((await all).map((answer) => numbers(answer))).toEqual([[2], [4], [6], [8], [10]]);
    expect(session.runs.at(-1)).toEqual([5]);
    expect(batcher.statistics("a")).toEqual({ inference_count: 5, execution_count: 3 });
  });

  it("lets who arrives in an open window join it, though there is a lane free", async () => {
    const { send, session } = setUp({ lanes: 2, windowMs: 20 });
    const all = [send([1])];
    await pass(10);
    all.push(send([2]));
    await pass(15);
    expect(session.runs).toEqual([[1, 2]]);
    await Promise.all(all);
  });

  it("lets who was to join a window lead when the one that leads hangs up", async () => {
    const { send, session } = setUp({ lanes: 2, windowMs: 20 });
    const caller = new AbortController();
    const first = outcome(send([1], { signal: caller.signal }));
    await pass(5);
    const second = send([2]);
    await pass(5);
    caller.abort();
    await pass(50);
    expect(await first).toBeInstanceOf(CallerGoneError);
    expect(numbers(await second)).toEqual([4]);
    expect(session.runs).toEqual([[2]]);
  });

  it("tells how long each waited and how large the batch was", async () => {
    const events: BatchEvent[] = [];
    const queue = new InferenceQueue({ holdersReturn: true });
    const observer = { batch: (event: BatchEvent) => events.push(event) };
    const batcher = new Batcher({ queue, windowMs: 20, maxRows: 8, rowsAtOnce: 8, observer });
    const session = new FakeSession() as unknown as Session;
    const send = (values: readonly number[]) =>
      batcher.run({ model: "a", inputs: rows(values), deadline: Date.now() + 1000 }, (work) => work(session));
    const all = [send([1])];
    await pass(10);
    all.push(send([2, 3]));
    await pass(20);
    await Promise.all(all);
    expect(events).toEqual([{ model: "a", rows: 3, queuedMs: [20, 10], computeMs: 0 }]);
  });
});

/** Holds the runs of a session back until they are released. */
function holding(session: FakeSession): { release(): void } {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const run = session.run.bind(session);
  session.run = async (inputs, outputs) => {
    const answer = await run(inputs, outputs);
    await gate;
    return answer;
  };
  return { release: () => release() };
}

describe("one caller's mistake in a batch", () => {
  it("fails that caller alone when the model fails on its values", async () => {
    const { send, session } = setUp();
    const all = Promise.all([send([1]), outcome(send([Number.NaN])), send([3])]);
    await pass(5);
    const [first, bad, third] = await all;
    expect(bad).toBeInstanceOf(InferenceError);
    expect([numbers(first), numbers(third)]).toEqual([[2], [6]]);
    expect(session.runs).toEqual([[1, Number.NaN, 3], [1], [Number.NaN], [3]]);
  });

  it("fails the leader alone when it was the leader's", async () => {
    const { send } = setUp();
    const all = Promise.all([outcome(send([Number.NaN])), send([2])]);
    await pass(5);
    const [bad, good] = await all;
    expect(bad).toBeInstanceOf(InferenceError);
    expect(numbers(good)).toEqual([4]);
  });

  it.each([
    ["an unknown input", { y: rows([2]).x! }],
    ["no rows", rows([])],
    ["inputs of different lengths", { x: rows([2]).x!, y: rows([2, 3]).x! }],
    [
      "data longer than its shape",
      { x: { datatype: "FP32" as const, shape: [1, 1], data: Float32Array.of(2, 9) } },
    ],
  ])("fails that caller alone when it is %s", async (_, inputs) => {
    const { send } = setUp();
    const all = Promise.all([send([1]), outcome(send([], { inputs })), send([3])]);
    await pass(5);
    const [first, bad, third] = await all;
    expect(bad).toBeInstanceOf(InvalidTensorError);
    expect([numbers(first), numbers(third)]).toEqual([[2], [6]]);
  });

  it("fails everybody who asks for an output that is not there, and nobody else", async () => {
    const { send } = setUp();
    const request = { outputs: ["no"] };
    const all = Promise.all([outcome(send([1], request)), outcome(send([2], request)), send([3])]);
    await pass(5);
    const [one, two, three] = await all;
    expect([one, two].every((error) => error instanceof InvalidTensorError)).toBe(true);
    expect(numbers(three)).toEqual([6]);
  });
});

describe("rows whose caller is gone", () => {
  it("do not run: their deadline passed while they waited", async () => {
    const { send, session } = setUp();
    const load = pausable();
    const all = Promise.all([
      send([1], {}, load.pausing(session)),
      outcome(send([2], { deadline: Date.now() + 50 })),
      send([3]),
    ]);
    await pass(60);
    load.resume();
    await pass(5);
    expect((await all)[1]).toBeInstanceOf(DeadlineExceededError);
    expect(session.runs).toEqual([[1, 3]]);
  });

  it("do not run: their caller hung up while they waited", async () => {
    const { send, session } = setUp({ windowMs: 100 });
    const caller = new AbortController();
    const all = Promise.all([send([1]), outcome(send([2], { signal: caller.signal })), send([3])]);
    await pass(20);
    caller.abort();
    await pass(100);
    expect((await all)[1]).toBeInstanceOf(CallerGoneError);
    expect(session.runs).toEqual([[1, 3]]);
  });

  it("do not run with others: their caller hung up just before", async () => {
    const { send, session } = setUp({ windowMs: 20 });
    const caller = new AbortController();
    const first = send([1]);
    const gone = outcome(send([2], { signal: caller.signal }));
    // After the window's timer has fired, before the batch is gathered.
    setTimeout(() => caller.abort(), 20);
    await pass(30);
    await first;
    expect(await gone).toBeInstanceOf(CallerGoneError);
    expect(session.runs).toEqual([[1]]);
  });

  it("do not run: their caller had hung up before", async () => {
    const { send, session } = setUp();
    const gone = outcome(send([1], { signal: AbortSignal.abort() }));
    await pass();
    expect(await gone).toBeInstanceOf(CallerGoneError);
    expect(session.runs).toEqual([]);
  });

  it("leave the others to the next in line when the one that leads hangs up in its window", async () => {
    const { send, session } = setUp({ windowMs: 100 });
    const caller = new AbortController();
    const all = Promise.all([outcome(send([1], { signal: caller.signal })), send([2]), send([3])]);
    await pass(20);
    caller.abort();
    await pass(120);
    const [gone, two, three] = await all;
    expect(gone).toBeInstanceOf(CallerGoneError);
    expect([numbers(two), numbers(three)]).toEqual([[4], [6]]);
    expect(session.runs).toEqual([[2, 3]]);
  });

  it("leave the others to the next in line when the one that leads was cancelled and runs no further", async () => {
    const { send, session } = setUp();
    const never: SessionUse = () => new Promise(() => {});
    void send([1], { deadline: Date.now() + 50 }, never);
    const others = Promise.all([send([2]), send([3])]);
    await pass(60);
    expect((await others).map((answer) => numbers(answer))).toEqual([[4], [6]]);
    expect(session.runs).toEqual([[2, 3]]);
  });

  it("are not run twice when the one that leads comes late", async () => {
    const { send, session } = setUp();
    const load = pausable();
    const late = outcome(send([1], { deadline: Date.now() + 50 }, load.pausing(session)));
    const others = Promise.all([send([2], {}, load.pausing(session)), send([3])]);
    await pass(60);
    load.resume();
    await pass(5);
    expect(await late).toBeInstanceOf(DeadlineExceededError);
    expect((await others).map((answer) => numbers(answer))).toEqual([[4], [6]]);
    expect(session.runs).toEqual([[2, 3]]);
  });
});

describe("a line that is full", () => {
  it("refuses at once and keeps nothing of the refused", async () => {
    const { send, session } = setUp({ windowMs: 50, maxWaiting: 2 });
    const all = Promise.all([send([1]), send([2]), send([3])]);
    const refused = await outcome(send([4]));
    expect(refused).toBeInstanceOf(QueueFullError);
    expect(refused).toMatchObject({ status: 503, retryAfter: 2 });
    await pass(60);
    await all;
    expect(session.runs).toEqual([[1, 2, 3]]);
    const next = send([5]);
    await pass(60);
    expect(numbers(await next)).toEqual([10]);
  });
});

/** A load that ends when it is told to. */
function pausable() {
  let resume = () => {};
  const loaded = new Promise<void>((resolve) => {
    resume = resolve;
  });
  const pausing =
    (session: FakeSession): SessionUse =>
    async (work) => {
      await loaded;
      return work(session as unknown as Session);
    };
  return { pausing, resume: () => resume() };
}
