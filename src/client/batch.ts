/** Many items: cut into requests, a few of them at a time; what can be tried again is. */
import { ConnectionError } from "./errors.ts";
import { textOf } from "./pictures.ts";
import { sleep, waitAfter } from "./retry.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type { BatchItem, BatchResult, LineProblem, Written } from "./types.ts";

export interface BatchOptions extends CallOptions {
  /** Items of one request, at most 400. @default 50 */
  readonly size?: number;
  /** Requests at the same time. @default 2 */
  readonly concurrency?: number;
}

const DEFAULT_SIZE = 50;
const DEFAULT_CONCURRENCY = 2;

/** Characters of a request, as soon as it has an item. */
const MAX_LENGTH = 8 * 1024 * 1024;

/** One item, ready to be sent. */
interface Line {
  readonly index: number;
  readonly id: string;
  readonly text: string;
}

type Answer =
  | ({ readonly line: number; readonly ok: true } & Written)
  | { readonly line: number; readonly ok: false; readonly id?: string; readonly problem: LineProblem };

/**
 * Takes items as fast as they are written, and no faster; yields results group by group, as groups are done.
 * @throws what a whole request fails with when retries are used up
 */
export async function* writeBatches(
  transport: Transport,
  items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
  { size = DEFAULT_SIZE, concurrency = DEFAULT_CONCURRENCY, signal }: BatchOptions,
): AsyncGenerator<BatchResult> {
  const running = new Map<number, Promise<{ number: number; results: BatchResult[] }>>();
  let started = 0;
  for await (const group of groupsOf(items, size)) {
    if (running.size >= concurrency) yield* await next(running);
    const number = started++;
    const work = writeGroup(transport, group, signal).then((results) => ({ number, results }));
    // It is looked at when its turn comes; until then its failure is nobody's.
    work.catch(() => undefined);
    running.set(number, work);
  }
  while (running.size > 0) yield* await next(running);
}

async function next(
  running: Map<number, Promise<{ number: number; results: BatchResult[] }>>,
): Promise<BatchResult[]> {
  const { number, results } = await Promise.race(running.values());
  running.delete(number);
  return results;
}

async function* groupsOf(
  items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
  size: number,
): AsyncGenerator<Line[]> {
  let group: Line[] = [];
  let length = 0;
  let index = 0;
  for await (const { image, ...fields } of items) {
    const text = JSON.stringify({ ...fields, ...(image !== undefined && { image: await textOf(image) }) });
    if (group.length > 0 && (group.length >= size || length + text.length > MAX_LENGTH)) {
      yield group;
      group = [];
      length = 0;
    }
    group.push({ index: index++, id: fields.id, text });
    length += text.length;
  }
  if (group.length > 0) yield group;
}

/** Sends lines until each has its answer: those that ask to be sent again, or got none, are. */
async function writeGroup(
  transport: Transport,
  group: Line[],
  signal: AbortSignal | undefined,
): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  let left = group;
  for (let attempt = 1; ; attempt++) {
    const last = attempt > transport.retries;
    const again: Line[] = [];
    let wait: number | undefined;
    const answered = new Set<Line>();
    const broken = await readAnswers(transport, left, signal, (line, answer) => {
      answered.add(line);
      const { index, id } = line;
      if (answer.ok) {
        const { version, created, changed } = answer;
        results.push({ index, ok: true, id, version, created, changed });
      } else if (answer.problem.retryAfter === undefined || last) {
        results.push({ index, ok: false, id, problem: answer.problem });
      } else {
        again.push(line);
        wait = Math.max(wait ?? 0, answer.problem.retryAfter);
      }
    });
    again.push(...left.filter((line) => !answered.has(line)));
    if (again.length === 0) return results;
    if (last) throw broken ?? new ConnectionError("The batch ended early.", undefined);
    await sleep(waitAfter(attempt, wait), signal);
    left = again;
  }
}

/** @returns why the answer ended early, where it did */
async function readAnswers(
  transport: Transport,
  lines: readonly Line[],
  signal: AbortSignal | undefined,
  take: (line: Line, answer: Answer) => void,
): Promise<ConnectionError | undefined> {
  const response = await transport.send({
    method: "POST",
    path: "/v1/items:batch",
    headers: { "content-type": "application/x-ndjson" },
    body: lines.map(({ text }) => `${text}\n`).join(""),
    signal,
  });
  try {
    for await (const text of linesOf(response)) {
      const answer = JSON.parse(text) as Answer;
      const line = lines[answer.line - 1];
      if (line) take(line, answer);
      else if (!answer.ok) return new ConnectionError(answer.problem.detail, answer.problem);
    }
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    return new ConnectionError("The connection broke during a batch.", error);
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value = "" } = (await reader?.read()) ?? { done: true };
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    yield* parts.filter(Boolean);
    if (done) break;
  }
  if (rest) yield rest;
}
