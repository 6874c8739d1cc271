/** Batches as streams of lines: in as fast as they are written, out as they are done. */
import type { BatchEntry, BatchResult } from "../../catalog/batch.ts";
import { Problem } from "../../problem.ts";
import { type Millis, timeout } from "../millis.ts";
import { problemDocument } from "../problem-document.ts";
import { toProblem } from "../problem-response.ts";
import type { BatchAnswer } from "../schemas/items.ts";
import { MAX_BATCH_LINES } from "./limits.ts";

/** The batch has more lines than one request may have. */
export class BatchTooLongError extends Problem {
  constructor() {
    super({
      status: 413,
      code: "batch-too-long",
      title: "The batch has too many lines",
      detail: `From here on nothing was read: a batch has up to ${MAX_BATCH_LINES} lines.`,
      hint: "Send this line and those after it in another batch.",
    });
  }
}

/** Nothing more comes from the client. */
export class BatchStalledError extends Problem {
  constructor(patience: Millis) {
    super({
      status: 408,
      code: "batch-stalled",
      title: "The batch did not go on",
      detail: `Nothing came for ${patience} ms.`,
      hint: "Send again the lines that were not answered.",
      retryAfter: 1,
    });
  }
}

/** Pieces of a body. @throws {BatchStalledError} when the next takes longer than `patience` */
export async function* piecesOf(
  body: ReadableStream<Uint8Array>,
  patience: Millis,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { passed, clear } = timeout(patience);
      const read = await Promise.race([reader.read(), passed]);
      clear();
      if (!read) throw new BatchStalledError(patience);
      if (read.done) return;
      yield read.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** As many entries as a batch may have, then the problem that there are more. */
export async function* upToLimit(
  entries: AsyncIterable<BatchEntry>,
  limit: number = MAX_BATCH_LINES,
): AsyncGenerator<BatchEntry> {
  let count = 0;
  for await (const entry of entries) {
    count += 1;
    if (count > limit) {
      yield { line: entry.line, write: new BatchTooLongError() };
      return;
    }
    yield entry;
  }
}

/** A result as its line of the answer says it. */
export function batchAnswer(result: BatchResult): BatchAnswer {
  if (!result.ok) return failedLine(result.line, result.problem, result.id);
  const { line, ok, id, version, created, changed } = result;
  return { line, ok, id, version, created, changed };
}

function failedLine(line: number, problem: Problem, id?: string): BatchAnswer {
  const { type, title, status, detail, code, hint } = problemDocument(problem);
  const { retryAfter } = problem;
  return {
    line,
    ok: false,
    ...(id !== undefined && { id }),
    problem: {
      ...{ type, title, status, detail, code },
      ...(hint !== undefined && { hint }),
      ...(retryAfter !== undefined && { retryAfter }),
    },
  };
}

/** Line 0 says what ended a batch early: lines without an answer were not written, or may not have been. */
export const WHOLE_BATCH = 0;

export interface AnswerStreamOptions {
  /** Called once, however the stream ends. */
  readonly ended: () => void;
  readonly failed: (error: unknown) => void;
}

/** Answers as NDJSON. Results are taken as fast as the client reads them, and no faster. */
export function answerStream(
  results: AsyncGenerator<BatchResult>,
  { ended, failed }: AnswerStreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const bytesOf = (answer: BatchAnswer) => encoder.encode(`${JSON.stringify(answer)}\n`);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await results.next();
        if (!done) return controller.enqueue(bytesOf(batchAnswer(value)));
      } catch (error) {
        failed(error);
        controller.enqueue(bytesOf(failedLine(WHOLE_BATCH, toProblem(error))));
      }
      ended();
      controller.close();
    },
    async cancel() {
      ended();
      await results.return(undefined);
    },
  });
}
