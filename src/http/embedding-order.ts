/** One request for embeddings, whichever of the three ways it was sent. */
import type { z } from "@hono/zod-openapi";
import type { ImageEmbeddingManifest } from "../runtime/manifest.ts";
import type { EncodingFormat } from "./embedding-bytes.ts";
import { type EmbeddingInput, embeddingInputs } from "./embedding-input.ts";
import { MAX_INPUTS } from "./limits.ts";
import { InvalidInputError, pictureInputs } from "./picture-input.ts";
import {
  DEFAULT_MODEL,
  type EmbeddingForm,
  type EmbeddingQuery,
  type EmbeddingRequest,
} from "./schemas/embeddings.ts";
import { InvalidRequestError } from "./validation.ts";

export interface EmbeddingOrder {
  readonly inputs: readonly EmbeddingInput[];
  readonly model: string;
  readonly format: EncodingFormat;
  readonly dimensions: number | undefined;
}

/** @throws {TokenInputError} {InvalidInputError} {RefusedInputsError} */
export function orderFromJson(body: z.output<typeof EmbeddingRequest>): EmbeddingOrder {
  const references = Array.isArray(body.input) ? body.input : [body.input];
  return { inputs: embeddingInputs(references), ...optionsOf(body) };
}

/** @throws {InvalidInputError} {RefusedInputsError} */
export function orderFromForm(form: z.output<typeof EmbeddingForm>): EmbeddingOrder {
  const pictures = [form.image, form["image[]"]].flat().filter((picture) => picture !== undefined);
  if (pictures.length === 0) {
    throw new InvalidInputError("The form has no image. With curl: -F image=@photo.jpg", "image");
  }
  if (pictures.length > MAX_INPUTS) {
    throw new InvalidInputError(
      `There are ${pictures.length} images; at most ${MAX_INPUTS} are accepted.`,
      "image",
    );
  }
  return { inputs: pictureInputs(pictures).map((picture) => ({ picture })), ...optionsOf(form) };
}

/** @throws {InvalidInputError} when the body is empty */
export function orderFromBody(picture: Blob, query: z.output<typeof EmbeddingQuery>): EmbeddingOrder {
  if (picture.size === 0) throw new InvalidInputError("The body is empty.", "body");
  return { inputs: [{ picture: { kind: "file", file: picture } }], ...optionsOf(query) };
}

/** @throws {InvalidRequestError} when the model has no embeddings of this length */
export function checkDimensions(dimensions: number | undefined, manifest: ImageEmbeddingManifest): void {
  const { dimensions: full, prefixes } = manifest.output;
  if (dimensions === undefined || dimensions === full || prefixes.includes(dimensions)) return;
  const allowed = [...prefixes, full].join(", ");
  throw new InvalidRequestError(
    `${manifest.name} has no embeddings of ${dimensions} dimensions; it has: ${allowed}.`,
    "dimensions",
  );
}

interface Options {
  readonly model?: string | undefined;
  readonly encoding_format?: EncodingFormat | undefined;
  readonly dimensions?: number | undefined;
}

function optionsOf({ model, encoding_format, dimensions }: Options): Omit<EmbeddingOrder, "inputs"> {
  return { model: model ?? DEFAULT_MODEL, format: encoding_format ?? "float", dimensions };
}
