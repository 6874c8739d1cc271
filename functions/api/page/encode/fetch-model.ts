/** Downloads model files and says how far it has come. */
import type { ModelFile } from "../../../../src/runtime/manifest.ts";
import { PageProblem } from "../problem.ts";
import type { Report } from "./encoding.ts";

const MEGABYTE = 1_000_000;

/** The file's bytes. @throws {PageProblem} when it is missing or has another length than announced. */
export async function fetchModel(base: string, file: ModelFile, report: Report): Promise<Uint8Array> {
  const response = await fetch(base + file.path);
  if (!response.ok || response.body === null) throw missing(file, `the server answered ${response.status}`);
  const bytes = new Uint8Array(file.bytes);
  let received = 0;
  for await (const chunk of chunks(response.body)) {
    if (received + chunk.length > bytes.length) throw missing(file, "it is longer than its manifest says");
    bytes.set(chunk, received);
    received += chunk.length;
    report(`Fetching the model, ${megabytes(received)} of ${megabytes(bytes.length)} MB`);
  }
  if (received < bytes.length) throw missing(file, "it is shorter than its manifest says");
  return bytes;
}

async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(1);

function missing(file: ModelFile, reason: string): PageProblem {
  return new PageProblem({
    code: "model-unavailable",
    title: "The model cannot be fetched",
    detail: `${file.path}: ${reason}.`,
  });
}
