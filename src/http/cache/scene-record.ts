/** What is remembered of a scene: its objects, and the embeddings of those that were asked for. */
import * as z from "zod";
import type { DetectedObject } from "../../vision/object-detection.ts";
import type { Embedding } from "../../vision/unified-embedding.ts";

export interface SceneRecord {
  /** The most certain first. */
  readonly objects: readonly DetectedObject[];
  /** Embeddings of the objects' crops, by their number. */
  readonly vectors: ReadonlyMap<number, Embedding>;
}

const Fraction = z.number().min(0).max(1);
const Header = z.strictObject({
  objects: z.array(
    z.strictObject({
      box: z.tuple([Fraction, Fraction, Fraction, Fraction]),
      category: z.string(),
      score: Fraction,
    }),
  ),
  dimensions: z.int().min(0),
  vectors: z.array(z.int().min(0)),
});

/** Bytes of the header's length, a little-endian uint32. */
const PREFIX = 4;

/** The header as JSON, after its length; then the vectors, little-endian float32, in the header's order. */
export function toSceneBytes({ objects, vectors }: SceneRecord): Uint8Array<ArrayBuffer> {
  const dimensions = [...vectors.values()][0]?.length ?? 0;
  const header: z.input<typeof Header> = {
    objects: objects.map(({ box: { x0, y0, x1, y1 }, category, score }) => ({
      box: [x0, y0, x1, y1],
      category,
      score,
    })),
    dimensions,
    vectors: [...vectors.keys()],
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(PREFIX + text.length + vectors.size * dimensions * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, text.length, true);
  bytes.set(text, PREFIX);
  let offset = PREFIX + text.length;
  for (const vector of vectors.values()) {
    for (const value of vector) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return bytes;
}

/** The inverse; nothing when the bytes are no scene, or its vectors are not of `dimensions` components. */
export function fromSceneBytes(bytes: ArrayBuffer, dimensions: number): SceneRecord | undefined {
  try {
    const view = new DataView(bytes);
    const length = view.getUint32(0, true);
    const header = Header.parse(JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, PREFIX, length))));
    if (header.vectors.length > 0 && header.dimensions !== dimensions) return undefined;
    const vectors = new Map<number, Embedding>();
    let offset = PREFIX + length;
    for (const index of header.vectors) {
      if (index >= header.objects.length) return undefined;
      const vector = new Float32Array(dimensions);
      for (let at = 0; at < dimensions; at++, offset += 4) vector[at] = view.getFloat32(offset, true);
      vectors.set(index, vector);
    }
    const objects = header.objects.map(({ box: [x0, y0, x1, y1], category, score }) => ({
      box: { x0, y0, x1, y1 },
      category,
      score,
    }));
    return { objects, vectors };
  } catch {
    return undefined;
  }
}
