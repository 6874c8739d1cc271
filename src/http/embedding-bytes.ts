/** Embeddings as bytes and text: little-endian float32, base64, packed signs. */
import { type Embedding, prefix, signCode } from "../vision/unified-embedding.ts";

export type EncodingFormat = "float" | "base64" | "binary";

/** 4 bytes a component, little-endian whatever the machine. */
export function toFloat32Bytes(embedding: Embedding): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(embedding.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of embedding.entries()) view.setFloat32(index * 4, value, true);
  return bytes;
}

/** The inverse; nothing when the bytes are no vector. */
export function fromFloat32Bytes(bytes: ArrayBuffer): Embedding | undefined {
  if (bytes.byteLength === 0 || bytes.byteLength % 4 !== 0) return undefined;
  const view = new DataView(bytes);
  const embedding = new Float32Array(bytes.byteLength / 4);
  for (let index = 0; index < embedding.length; index++) embedding[index] = view.getFloat32(index * 4, true);
  return embedding;
}

/** An embedding of `dimensions` components as OpenAI's `encoding_format` wants it; `binary` is Corkboard's own. */
export function encodeEmbedding(
  embedding: Embedding,
  format: EncodingFormat,
  dimensions: number = embedding.length,
): number[] | string {
  const vector = prefix(embedding, dimensions);
  if (format === "float") return [...vector];
  return toBase64(format === "binary" ? signCode(vector) : toFloat32Bytes(vector));
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
