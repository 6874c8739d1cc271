/** Bodies that make no sense, against the routes on a real catalogue: refused with a reason, and nothing breaks. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ProblemDocument } from "../../../src/http/problem-document.ts";
import { type Serve, startServe, temporaryFolder } from "../../api/serve.ts";
import { picture } from "../../catalog/picture.ts";

const SEED = Math.floor(Math.random() * 2 ** 31);
const ROUNDS = 400;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Serve;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServe(folder.path);
});

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

/** The server ends connections whose body it has refused to read; what was sent on one then is sent again. */
function send(method: string, path: string, body: string, type: string): Promise<Response> {
  // A connection of its own: a server that answers before it has read all closes the one it has.
  const init = { method, body, headers: { "content-type": type, connection: "close" } };
  return fetch(`${server.origin}${path}`, init).catch(() => fetch(`${server.origin}${path}`, init));
}

/** Lines of the log about requests that failed for no fault of theirs. */
const failures = () =>
  server
    .log()
    .split("\n")
    .filter((line) => line.includes('"level":"error"'));

function dataUrl(number: number): string {
  return `data:image/png;base64,${btoa(String.fromCharCode(...picture(number)))}`;
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = generator(SEED);
const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;

const good = () => ({
  image: dataUrl(Math.floor(random() * 1e6)),
  title: "A chair",
  category: "chair",
  price: 12.5,
  link: "https://shop.example/1",
  attributes: { colour: ["red", "blue"], legs: 4, new: true },
});

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: [nested(depth - 1)] });

const ODD: readonly unknown[] = [
  ...[null, true, "", " ", "\u0000", "\uD800", "💥".repeat(200), "x".repeat(6_000), -0, 1e308, -1, 1e13],
  ...[
    [],
    {},
    [[]],
    [null],
    { min: 1 },
    nested(500),
    "__proto__",
    "javascript:alert(1)",
    "data:,",
    "sha256:zz",
  ],
  ...[
    "data:image/png;base64,AAAA",
    "http://",
    "https://user:pass@127.0.0.1/",
    "' OR 1=1 --",
    "../../etc/passwd",
  ],
];

const NAMES = [
  "image",
  "title",
  "category",
  "price",
  "link",
  "attributes",
  "id",
  "__proto__",
  "constructor",
  "x",
];

/** A good body with some of it replaced, added, removed, or cut off as text. */
function oddBody(base: Record<string, unknown>): string {
  const body: Record<string, unknown> = { ...base };
  for (let changes = Math.floor(random() * 3); changes >= 0; changes--) {
    const name = pick(NAMES);
    const kind = random();
    if (kind < 0.2) delete body[name];
    else if (kind < 0.4) body.attributes = { [pick(NAMES)]: pick(ODD) };
    else
      Object.defineProperty(body, name, {
        value: pick(ODD),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  const text = JSON.stringify(body);
  if (random() < 0.9) return text;
  return random() < 0.5
    ? text.slice(0, 1 + Math.floor(random() * (text.length - 1)))
    : JSON.stringify(pick(ODD));
}

const IDS = [
  "a",
  "A.b_c:d~e-f",
  "x".repeat(64),
  "x".repeat(65),
  "-a",
  "%20",
  "%00",
  "a%2Fb",
  "..",
  "ü",
  "a:retry",
  "%F0%9F",
];

async function refusedWell(response: Response): Promise<void> {
  if (response.ok) return;
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const { code, detail, status } = (await response.json()) as ProblemDocument;
  expect(status).toBe(response.status);
  expect([400, 404, 405, 412, 413, 415, 422]).toContain(status);
  expect(code).toMatch(/^[a-z-]+$/);
  expect(detail.length).toBeLessThan(2_000);
}

it(`items that are none are refused with a reason (seed ${SEED})`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const id = random() < 0.5 ? `item-${round}` : pick(IDS);
    await refusedWell(await send("PUT", `/v1/items/${id}`, oddBody(good()), "application/json"));
  }
  expect(failures()).toEqual([]);
  const body = JSON.stringify(good());
  expect((await send("PUT", "/v1/items/last", body, "application/json")).status).toBe(201);
});

it(`lines that are no items are answered each by itself (seed ${SEED})`, async () => {
  const lines = Array.from({ length: 300 }, (_, at) =>
    at % 3 === 0 ? JSON.stringify({ id: `good-${at}`, ...good() }) : oddBody({ id: `odd-${at}`, ...good() }),
  );
  const response = await send("POST", "/v1/items:batch", lines.join("\n"), "application/x-ndjson");
  const answers = (await response.text())
    .trim()
    .split("\n")
    .map(
      (line) => JSON.parse(line) as { line: number; ok: boolean; id?: string; problem?: { code: string } },
    );
  expect(answers.map(({ line }) => line)).toEqual(lines.map((_, at) => at + 1));
  for (const { line, ok, problem } of answers) {
    if ((line - 1) % 3 === 0) expect(ok).toBe(true);
    else if (!ok) expect(problem?.code).toMatch(/^[a-z-]+$/);
  }
});

it(`searches that make no sense are refused with a reason (seed ${SEED})`, async () => {
  const names = ["item", "vector", "crop", "limit", "cursor", "filter", "explain", "text", "nothing"];
  for (let round = 0; round < ROUNDS; round++) {
    const query: Record<string, unknown> = { vector: Array.from({ length: 256 }, random) };
    for (let changes = Math.floor(random() * 3); changes >= 0; changes--) {
      query[pick(names)] = random() < 0.3 ? { [pick(NAMES)]: pick(ODD) } : pick(ODD);
    }
    await refusedWell(await send("POST", "/v1/search", JSON.stringify(query), "application/json"));
  }
  expect(failures()).toEqual([]);
});

it(`boards that are none are refused with a reason (seed ${SEED})`, async () => {
  const names = ["title", "description", "items", "id", "__proto__", "x"];
  const rest = ["", "/items", "/more", "/items/a", "/items/..%2F", `/items/${"x".repeat(65)}`, "/items/%00"];
  for (let round = 0; round < ROUNDS; round++) {
    const body: Record<string, unknown> = { title: "Board", items: ["a", "b"] };
    for (let changes = Math.floor(random() * 3); changes >= 0; changes--) {
      body[pick(names)] = random() < 0.3 ? [pick(ODD), "a"] : pick(ODD);
    }
    const id = random() < 0.5 ? "board" : pick(IDS);
    await refusedWell(await send("PUT", `/v1/boards/${id}`, JSON.stringify(body), "application/json"));
    await refusedWell(await send(pick(["PUT", "DELETE"]), `/v1/boards/${id}${pick(rest)}`, "", "text/plain"));
    const query = new URLSearchParams({ [pick(["limit", "cursor", "explain", "brief"])]: String(pick(ODD)) });
    await refusedWell(await fetch(`${server.origin}/v1/boards/${id}${pick(["/items", "/more"])}?${query}`));
  }
  expect(failures()).toEqual([]);
});
