/** Readers of answers that check what is true of each. */
import { expect } from "vitest";
import type { ProblemDocument } from "../../src/http/problem-document.ts";
import type { EmbeddingList } from "../../src/http/schemas/embeddings.ts";

export async function list(response: Response): Promise<EmbeddingList> {
  expect(response.status).toBe(200);
  return (await response.json()) as EmbeddingList;
}

export async function problem(response: Response): Promise<ProblemDocument> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const document = (await response.json()) as ProblemDocument;
  expect(document.status).toBe(response.status);
  expect(document.error.message).toContain(document.detail);
  return document;
}
