import { describe, expect, it } from "vitest";
import { CallerGoneError, DeadlineExceededError, QueueFullError } from "../../src/inference/errors.ts";
import { InferenceQueue } from "../../src/inference/queue.ts";

const inAMinute = () => Date.now() + 60_000;

/** Work that ends when it is told to. */
function work() {
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { run: () => done, finish };
}

describe("the inference queue with several lanes", () => {
  it("runs as many at once as it has lanes, in order", async () => {
    const queue = new InferenceQueue({ lanes: 2, holdersReturn: true });
    const works = [work(), work(), work()];
    const started: number[] = [];
    const all = works.map((one, index) =>
      queue.run(inAMinute(), () => {
        started.push(index);
        return one.run();
      }),
    );
    await expect.poll(() => started).toEqual([0, 1]);
    expect(queue.waiting).toBe(1);
    works[1]!.finish();
    await expect.poll(() => started).toEqual([0, 1, 2]);
    for (const { finish } of works) finish();
    await Promise.all(all);
  });

  it("keeps the place of what runs beyond its deadline, where work always ends", async () => {
    const queue = new InferenceQueue({ maxWaiting: 1, holdersReturn: true });
    const { run, finish } = work();
    const late = queue.run(Date.now() + 20, run);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const next = queue.run(inAMinute(), async () => "next");
    await expect(queue.run(inAMinute(), run)).rejects.toThrow(QueueFullError);
    expect(queue.waiting).toBe(1);
    finish();
    await late;
    expect(await next).toBe("next");
  });

  it("makes room for the next when somebody else works out a result", async () => {
    const queue = new InferenceQueue({ holdersReturn: true });
    const { run, finish } = work();
    const running = queue.run(inAMinute(), run);
    let tell = (_: string) => {};
    const elsewhere = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const taken = queue.run(inAMinute(), () => Promise.reject(new Error("not its turn")), { elsewhere });
    expect(queue.waiting).toBe(1);
    queue.leave(elsewhere);
    expect(queue.waiting).toBe(0);
    tell("an answer");
    expect(await taken).toBe("an answer");
    finish();
    await running;
  });

  it("does not keep who left the line waiting beyond the deadline", async () => {
    const queue = new InferenceQueue({ holdersReturn: true });
    const { run, finish } = work();
    const running = queue.run(inAMinute(), run);
    const elsewhere = new Promise<void>(() => {});
    const taken = queue.run(Date.now() + 30, run, { elsewhere });
    queue.leave(elsewhere);
    await expect(taken).rejects.toThrow(DeadlineExceededError);
    finish();
    await running;
  });
});

describe("the inference queue", () => {
  it("runs one at a time, in order", async () => {
    const queue = new InferenceQueue();
    const events: string[] = [];
    const log = (name: string) => async () => {
      events.push(`${name} starts`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      events.push(`${name} ends`);
    };
    await Promise.all(["a", "b", "c"].map((name) => queue.run(inAMinute(), log(name))));
    expect(events).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  });

  it("hands on what the work returns or throws, and goes on", async () => {
    const queue = new InferenceQueue();
    const failing = queue.run(inAMinute(), () => Promise.reject(new RangeError("no")));
    const next = queue.run(inAMinute(), async () => 5);
    await expect(failing).rejects.toThrow(RangeError);
    expect(await next).toBe(5);
  });

  it("refuses at once what does not fit, saying when to come again", async () => {
    const queue = new InferenceQueue({ maxWaiting: 1 });
    const { run, finish } = work();
    const running = [queue.run(inAMinute(), run), queue.run(inAMinute(), run)];
    expect(queue.waiting).toBe(1);
    const error = await queue.run(inAMinute(), run).catch((reason) => reason);
    expect(error).toBeInstanceOf(QueueFullError);
    expect([error.status, error.retryAfter]).toEqual([503, 2]);
    finish();
    await Promise.all(running);
    expect(await queue.run(inAMinute(), async () => "next")).toBe("next");
  });

  it("drops what expires while it waits, without running it", async () => {
    const queue = new InferenceQueue();
    const { run, finish } = work();
    const running = queue.run(inAMinute(), run);
    let ran = false;
    const expiring = queue.run(Date.now() + 20, async () => {
      ran = true;
    });
    await expect(expiring).rejects.toThrow(DeadlineExceededError);
    finish();
    await running;
    expect(ran).toBe(false);
  });

  it("drops what has expired already", async () => {
    const late = new InferenceQueue().run(Date.now() - 1, async () => "ran");
    await expect(late).rejects.toThrow(DeadlineExceededError);
  });

  it("drops whose caller hangs up while it waits, without running it", async () => {
    const queue = new InferenceQueue();
    const { run, finish } = work();
    const running = queue.run(inAMinute(), run);
    const caller = new AbortController();
    let ran = false;
    const gone = queue.run(
      inAMinute(),
      async () => {
        ran = true;
      },
      { signal: caller.signal },
    );
    caller.abort();
    await expect(gone).rejects.toThrow(CallerGoneError);
    expect(queue.waiting).toBe(0);
    finish();
    await running;
    expect(ran).toBe(false);
  });

  it("lets go whose result came from elsewhere, without running it", async () => {
    const queue = new InferenceQueue();
    const { run, finish } = work();
    const running = queue.run(inAMinute(), run);
    const elsewhere = Promise.resolve("found");
    expect(await queue.run(inAMinute(), async () => "run", { elsewhere })).toBe("found");
    expect(queue.waiting).toBe(0);
    finish();
    await running;
  });

  it("goes on when the time of work that never ends is over, without a new arrival", async () => {
    const queue = new InferenceQueue();
    void queue.run(Date.now() + 20, () => new Promise(() => {}));
    expect(await queue.run(inAMinute(), async () => "next")).toBe("next");
  });

  it("is not blocked for longer than its deadline by work that never ends", async () => {
    const queue = new InferenceQueue();
    void queue.run(Date.now() + 20, () => new Promise(() => {}));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await queue.run(inAMinute(), async () => "next")).toBe("next");
  });
});
