/** Embeds whatever a request asks for: pictures, texts, and pictures with their texts. */
import { sha256 } from "../runtime/integrity.ts";
import type { ImageEmbeddingManifest } from "../runtime/manifest.ts";
import type { Embedding } from "../vision/unified-embedding.ts";
import type { WorkScope } from "./context.ts";
import type { EmbeddingInput } from "./embedding-input.ts";
import type { EmbeddingService } from "./embedding-service.ts";
import type { EmbeddedPicture } from "./picture-pipeline.ts";
import { RefusedInputsError } from "./refused-inputs.ts";
import type { TextService } from "./text-service.ts";

export interface EmbeddedInputs {
  /** In the order of the inputs; `sha256` is of the picture's bytes, or of the text's where there is no picture. */
  readonly results: EmbeddedPicture[];
  /** Tokens of all texts. */
  readonly tokens: number;
}

/**
 * All or nothing.
 * @throws what `EmbeddingService.embed` and `TextService.embed` throw; refused pictures by the inputs' own places
 */
export async function embedInputs(
  inputs: readonly EmbeddingInput[],
  manifest: ImageEmbeddingManifest,
  { pictures, texts }: { readonly pictures: EmbeddingService; readonly texts: TextService },
  scope: WorkScope,
): Promise<EmbeddedInputs> {
  const places = (has: (input: EmbeddingInput) => boolean) =>
    inputs.flatMap((input, place) => (has(input) ? [place] : []));
  const seen = places(({ picture }) => picture !== undefined);
  const said = places(({ text }) => text !== undefined);
  const [embedded, words] = await Promise.all([
    pictures
      .embed(
        seen.map((place) => inputs[place]!.picture!),
        manifest,
        scope,
      )
      .catch((error) => {
        throw error instanceof RefusedInputsError ? error.at(seen, inputs.length) : error;
      }),
    said.length === 0
      ? { embeddings: [], tokens: 0 }
      : texts.embed(
          said.map((place) => inputs[place]!.text!),
          manifest,
          scope,
        ),
  ]);
  const pictureAt = new Map(seen.map((place, index) => [place, embedded[index]!]));
  const textAt = new Map(said.map((place, index) => [place, words.embeddings[index]!]));
  const join = async (input: EmbeddingInput, place: number): Promise<EmbeddedPicture> => {
    const [picture, text] = [pictureAt.get(place), textAt.get(place)];
    if (picture && text)
      return { ...picture, embedding: await texts.fuse(picture.embedding, text, manifest, scope) };
    return picture ?? ofText(input.text!, text!);
  };
  return { results: await Promise.all(inputs.map(join)), tokens: words.tokens };
}

async function ofText(text: string, embedding: Embedding): Promise<EmbeddedPicture> {
  return { sha256: await sha256(new TextEncoder().encode(text)), embedding, cache: "miss" };
}
