/** The feed with an origin behind real HTTP that does what origins should not do. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Feed } from "../../src/feed/feed.ts";
import {
  FEED_BREAKER_COOL_DOWN_MS,
  FEED_BREAKER_FAILURES,
  FEED_OVERFETCH,
  MAX_FEED_ITEMS,
  MAX_HISTORY_TOKENS,
  MAX_ORIGIN_EXCLUDED,
  MAX_ORIGIN_ITEMS,
} from "../../src/feed/limits.ts";
import { OriginFeed } from "../../src/feed/origin-feed.ts";
import { UTILITY, utilityOf } from "../../src/feed/utility.ts";
import { CircuitBreaker } from "../../src/inference/circuit-breaker.ts";
import { InferenceClient } from "../../src/inference/client.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import {
  answer,
  type Behaviour,
  type FakeOrigin,
  REVISION,
  refuse,
  startFakeOrigin,
  textsOf,
} from "./fake-origin.ts";
import { worldOf } from "./memory-world.ts";

/** So long that a busy machine does not miss it, except where the origin is to be late. */
const PATIENT_MS = 10_000;

let origin: FakeOrigin;
beforeAll(async () => {
  origin = await startFakeOrigin();
});
afterAll(() => origin.close());

let world: ReturnType<typeof worldOf>;
let now = 0;
let breaker: CircuitBreaker;
beforeEach(() => {
  world = worldOf(40);
  world.people.actions = [{ item: "item-0", action: "click", at: world.people.now - 1_000 }];
  now = 0;
  breaker = new CircuitBreaker({
    failures: FEED_BREAKER_FAILURES,
    coolDownMs: FEED_BREAKER_COOL_DOWN_MS,
    clock: () => now,
  });
  origin.calls = 0;
});

const answers: Behaviour = (response, { limit }) => {
  const ids = ["item-20", "item-21", "item-22", "item-23"];
  answer(response, { ids: ids.slice(0, Number(limit!.data[0])) });
};

function feedWith(
  behave: Behaviour,
  { url = origin.url, deadlineMs = PATIENT_MS, model = `unipinrec@${REVISION}` } = {},
) {
  origin.behave = behave;
  const inference = new InferenceClient({ baseUrl: url });
  return new Feed({ ...world.options, origin: new OriginFeed({ inference, model, deadlineMs, breaker }) });
}

const ask = (feed: Feed, limit = 4) => feed.slate({ user: "u-1", limit });

describe("the origin", () => {
  it("orders the page, and what it says is answered and recorded", async () => {
    const probabilities = Float32Array.from([
      0.5,
      0.25,
      0.125,
      0,
      0,
      0.25,
      0,
      0,
      0.5,
      0,
      ...new Array(10).fill(0.125),
    ]);
    const slate = await ask(
      feedWith((response) =>
        answer(response, { ids: ["item-7", "item-9", "item-11", "item-30"], probabilities }),
      ),
    );
    expect(slate.items.map(({ id }) => id)).toEqual(["item-7", "item-9", "item-11", "item-30"]);
    expect([slate.path, slate.report.reason, slate.report.breaker]).toEqual(["origin", undefined, "closed"]);
    const scores = { click: 0.5, closeup: 0.25, save: 0.125, hide: 0, purchase: 0, utility: 1 };
    expect(slate.items[0]).toMatchObject({ scores, similarity: 0.5 });
    expect(slate.items[1]!.scores!.utility).toBeCloseTo(0.25 - 4 * 0.5, 6);
    expect(world.people.served[0]).toEqual({
      id: `${slate.slate}/0`,
      ...{ item: "item-7", surface: "feed", slate: slate.slate },
      served: { path: "origin", position: 0, scores, model: `unipinrec@${REVISION}` },
    });
  });

  it("is told the history oldest first, what was seen, and never who it is", async () => {
    const { people } = world;
    people.actions = [
      { item: "item-3", action: "save", at: people.now - 1_000, surface: "feed", slate: "s-1" },
      { item: "item-3", action: "click", at: people.now - 2_000, slate: "s-1" },
      { item: "item-2", action: "hide", at: people.now - 3_000 },
      { item: "item-1", action: "click", at: people.now - 4_000, surface: "search" },
    ];
    people.hidden = ["item-2", "item-39"];
    await people.serve("u-1", [{ id: "x:0", item: "item-5", served: { path: "cold", position: 0 } }]);
    let asked: Tensors = {};
    let path: string | undefined;
    const feed = feedWith((response, inputs, request) => {
      [asked, path] = [inputs, request.url];
      return answers(response, inputs, request);
    });
    await feed.slate({ user: "u-1", limit: 4, surface: "board" });
    expect(path).toBe(`/v2/models/unipinrec/versions/${REVISION}/infer`);
    expect(textsOf(asked.items)).toEqual(["item-1", "item-2", "item-3"]);
    expect(asked.actions).toMatchObject({ shape: [3, 5] });
    expect([...(asked.actions!.data as Uint8Array)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0]);
    const times = [4_000, 3_000, 1_000].map((ago) => BigInt(people.now - ago));
    expect([...(asked.times!.data as BigInt64Array)]).toEqual(times);
    expect(textsOf(asked.surfaces)).toEqual(["search", "", "feed"]);
    expect(textsOf(asked.surface)).toEqual(["board"]);
    expect(asked.now!.data).toEqual(BigInt64Array.of(BigInt(people.now)));
    expect(new Set(textsOf(asked.exclude))).toEqual(
      new Set(["item-1", "item-2", "item-3", "item-5", "item-39"]),
    );
    expect(asked.limit!.data).toEqual(Int32Array.of(4 * FEED_OVERFETCH));
    expect(textsOf(asked.user)[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it("gets no more tokens than the model reads, and asks for no more than it ranks", async () => {
    const { people } = world;
    people.actions = Array.from({ length: 1_000 }, (_, n) => ({
      item: `item-${n}`,
      action: "click" as const,
      at: people.now - n * 60_000,
    }));
    let asked: Tensors = {};
    const feed = feedWith((response, inputs, request) => {
      asked = inputs;
      return answers(response, inputs, request);
    });
    await ask(feed, MAX_FEED_ITEMS);
    expect(textsOf(asked.items)).toHaveLength(MAX_HISTORY_TOKENS);
    expect(textsOf(asked.items).at(-1)).toBe("item-0");
    expect((asked.limit!.data as Int32Array)[0]).toBeLessThanOrEqual(MAX_ORIGIN_ITEMS);
  });

  it("is told of as many items not to answer as it takes; what it answers in spite of it is left out", async () => {
    world.people.hidden = Array.from({ length: MAX_ORIGIN_EXCLUDED }, (_, n) => `hidden-${n}`).concat(
      "item-9",
    );
    let excluded: string[] = [];
    const slate = await ask(
      feedWith((response, { exclude }) => {
        excluded = textsOf(exclude);
        answer(response, { ids: ["item-9", "item-10"] });
      }),
      1,
    );
    expect([excluded.length, excluded[0]]).toEqual([MAX_ORIGIN_EXCLUDED, "item-0"]);
    expect(slate.items.map(({ id }) => id)).toEqual(["item-10"]);
  });

  it("is not asked about somebody who has done nothing", async () => {
    world.people.actions = [];
    const slate = await ask(feedWith(answers));
    expect([slate.path, slate.report.reason, origin.calls]).toEqual(["cold", "no-history", 0]);
  });

  it("knows times in the future as now, and old ones as they are", async () => {
    const { people } = world;
    people.actions = [
      { item: "item-1", action: "click", at: people.now + 240_000 },
      { item: "item-0", action: "save", at: 0 },
    ];
    let asked: Tensors = {};
    const slate = await ask(
      feedWith((response, inputs, request) => {
        asked = inputs;
        return answers(response, inputs, request);
      }),
    );
    expect([...(asked.times!.data as BigInt64Array)]).toEqual([0n, BigInt(people.now)]);
    expect(slate.path).toBe("origin");
  });
});

describe("an origin that answers what is not to be shown", () => {
  it("is corrected: seen, hidden, unknown items and repetitions are left out, and the edge fills the page", async () => {
    world.people.hidden = ["item-5"];
    const slate = await ask(
      feedWith((response) => answer(response, { ids: ["item-0", "item-5", "gone", "item-9", "item-9"] })),
    );
    expect(slate.items[0]).toMatchObject({ id: "item-9", path: "origin" });
    expect(slate.items.slice(1).every(({ path }) => path === "edge")).toBe(true);
    expect(new Set(slate.items.map(({ id }) => id)).size).toBe(4);
    expect(slate.items.map(({ id }) => id)).not.toContain("item-5");
    expect(slate.path).toBe("edge");
  });

  it("or nothing, leaves the page to the edge", async () => {
    const slate = await ask(feedWith((response) => answer(response, { ids: [] })));
    expect([slate.path, slate.report.reason, slate.items.length]).toEqual(["edge", "no-more", 4]);
  });
});

const FAULTS: Record<string, readonly [behave: Behaviour, reason: string]> = {
  hangs: [() => undefined, "deadline-exceeded"],
  "is slow": [
    (response) => void setTimeout(() => answer(response, { ids: ["item-20"] }), 1_000).unref(),
    "deadline-exceeded",
  ],
  "ends the connection": [(response) => void response.destroy(), "model-host-unavailable"],
  "breaks off in the middle": [
    (response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half");
      response.destroy();
    },
    "model-host-unavailable",
  ],
  "answers garbage": [
    (response) => void response.writeHead(200).end("<html>It works!</html>"),
    "invalid-model-host-response",
  ],
  "answers nothing": [(response) => void response.writeHead(200).end(), "invalid-model-host-response"],
  fails: [(response) => refuse(response, 500), "model-host-refused"],
  "is full": [(response) => refuse(response, 429, { "retry-after": "1" }), "model-host-unavailable"],
  "is not ready": [(response) => refuse(response, 503), "model-host-unavailable"],
  "does not know the signature": [(response) => refuse(response, 401), "model-host-refused"],
  "lacks the model": [(response) => refuse(response, 404), "model-not-found"],
  "has another revision": [
    (response) => answer(response, { ids: ["item-20"], revision: "ffffffffffff" }),
    "revision-mismatch",
  ],
  "says probabilities that are none": [
    (response) => answer(response, { ids: ["item-20"], probabilities: new Float32Array(5).fill(Number.NaN) }),
    "invalid-model-host-response",
  ],
  "says probabilities above 1": [
    (response) => answer(response, { ids: ["item-20"], probabilities: new Float32Array(5).fill(1.5) }),
    "invalid-model-host-response",
  ],
  "says similarities that are none": [
    (response) =>
      answer(response, { ids: ["item-20"], similarities: Float32Array.of(Number.POSITIVE_INFINITY) }),
    "invalid-model-host-response",
  ],
  "says scores for fewer items": [
    (response) => answer(response, { ids: ["item-20", "item-21"], probabilities: new Float32Array(5) }),
    "invalid-model-host-response",
  ],
  "answers more than it was asked for": [
    (response) => answer(response, { ids: Array.from({ length: 9 }, (_, n) => `item-${n}`) }),
    "invalid-model-host-response",
  ],
  "answers ids that are none": [
    (response) => answer(response, { ids: ["../etc"] }),
    "invalid-model-host-response",
  ],
};

describe("the edge answers when the origin", () => {
  it.each(Object.entries(FAULTS))("%s", async (_, [behave, reason]) => {
    const late = reason === "deadline-exceeded";
    const failures: unknown[] = [];
    const feed = new Feed({
      ...world.options,
      origin: new OriginFeed({
        inference: new InferenceClient({ baseUrl: origin.url }),
        model: `unipinrec@${REVISION}`,
        deadlineMs: late ? 30 : PATIENT_MS,
        breaker,
      }),
      onFailure: (path) => failures.push(path),
    });
    origin.behave = behave;
    const slate = await ask(feed);
    expect([slate.path, slate.report.reason, slate.items.length]).toEqual(["edge", reason, 4]);
    expect(failures).toEqual(["origin"]);
    expect(world.people.served).toHaveLength(4);
  });

  it("is not there at all", async () => {
    const gone = await startFakeOrigin();
    await gone.close();
    const slate = await ask(feedWith(answers, { url: gone.url }));
    expect([slate.path, slate.report.reason]).toEqual(["edge", "model-host-unavailable"]);
  });
});

describe("an origin that fails again and again", () => {
  const failing: Behaviour = (response) => refuse(response, 500);

  it("is left alone, and asked again by one request after a while", async () => {
    const feed = feedWith(failing);
    for (let failure = 0; failure < FEED_BREAKER_FAILURES; failure++) await ask(feed, 1);
    expect(origin.calls).toBe(FEED_BREAKER_FAILURES);
    const open = await ask(feed, 1);
    expect([open.path, open.report.reason, open.report.breaker]).toEqual(["edge", "circuit-open", "open"]);
    expect(origin.calls).toBe(FEED_BREAKER_FAILURES);
    now = FEED_BREAKER_COOL_DOWN_MS;
    origin.behave = answers;
    const probe = await ask(feed, 1);
    expect([probe.path, probe.report.breaker]).toEqual(["origin", "closed"]);
    expect(origin.calls).toBe(FEED_BREAKER_FAILURES + 1);
  });

  it("is asked on when what it refuses are single histories", async () => {
    const feed = feedWith((response) => refuse(response, 422));
    for (let turn = 0; turn < 2 * FEED_BREAKER_FAILURES; turn++) {
      const slate = await ask(feed, 1);
      expect([slate.path, slate.report.reason]).toEqual(["edge", "model-host-refused"]);
    }
    expect(origin.calls).toBe(2 * FEED_BREAKER_FAILURES);
    expect(breaker.state).toBe("closed");
  });
});

describe("the utility", () => {
  it("is what the actions are worth, by their probabilities", () => {
    expect(UTILITY).toEqual({ click: 1, closeup: 1, save: 2, hide: -4, purchase: 3 });
    expect(utilityOf([0.5, 0.25, 0.25, 0.125, 0.5])).toBe(0.5 + 0.25 + 0.5 - 0.5 + 1.5);
  });
});
