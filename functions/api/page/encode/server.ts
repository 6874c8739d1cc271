/** Sends a picture to the API and takes the embedding from its answer. */
import { unit } from "../compare.ts";
import type { Model } from "../model.ts";
import type { Picture } from "../picture.ts";
import { PageProblem, responseProblem } from "../problem.ts";
import { type Answer, cacheLayer } from "./lookup.ts";
import { roundTrip } from "./timing.ts";

/** The API gives up on a model after 20 s; the rest is for a slow upload. */
const PATIENCE_MS = 60_000;

interface EmbeddingList {
  readonly data: readonly { readonly embedding: readonly number[]; readonly sha256: string }[];
}

/** @throws {PageProblem} the API's problem details, or one that says the server cannot be reached. */
export async function encodeOnServer(
  model: Model,
  picture: Picture,
): Promise<Answer & { readonly sha256: string }> {
  const form = new FormData();
  form.append("model", model.reference);
  form.append("image", picture.blob, picture.name);
  const start = performance.now();
  const response = await fetch("/v1/embeddings", {
    method: "POST",
    body: form,
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (!response.ok) throw await responseProblem(response);
  const { data } = (await response.json()) as EmbeddingList;
  const [first] = data;
  if (first === undefined) throw unreachable(undefined);
  return {
    embedding: unit(Float32Array.from(first.embedding)),
    sha256: first.sha256,
    cache: cacheLayer(response.headers, "miss"),
    stages: roundTrip(response.headers.get("server-timing"), performance.now() - start),
  };
}

function unreachable(cause: unknown): PageProblem {
  const late = cause instanceof DOMException && cause.name === "TimeoutError";
  return new PageProblem(
    {
      code: "unreachable",
      title: "The server cannot be reached",
      detail: late ? `There was no answer in ${PATIENCE_MS / 1000} seconds.` : "The request got no answer.",
      hint: "Check the connection and try again, or let this device encode the picture.",
    },
    cause,
  );
}
