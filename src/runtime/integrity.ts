/** Checks that model bytes and manifests are what they say they are. */
import { ModelLoadError } from "./errors.ts";
import { type AnyManifest, type ModelFile, revisionSource } from "./manifest.ts";

/** Hex digits of a revision. */
const REVISION_LENGTH = 12;

/** Lower-case hex digits of the SHA-256 of `bytes`. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The revision that a manifest's contents make: two models with the same revision answer the same. */
export async function revisionOf(manifest: Parameters<typeof revisionSource>[0]): Promise<string> {
  return (await sha256(new TextEncoder().encode(revisionSource(manifest)))).slice(0, REVISION_LENGTH);
}

/** @throws {ModelLoadError} when `bytes` are not the file that the manifest describes. */
export async function assertModelFile(
  manifest: Pick<AnyManifest, "name">,
  file: ModelFile,
  bytes: Uint8Array,
): Promise<void> {
  if (bytes.byteLength !== file.bytes) {
    const reason = `${file.path} has ${bytes.byteLength} bytes, the manifest says ${file.bytes}`;
    throw new ModelLoadError(manifest.name, reason);
  }
  const actual = await sha256(bytes);
  if (actual !== file.sha256) {
    throw new ModelLoadError(manifest.name, `the sha256 of ${file.path} is ${actual}, not ${file.sha256}`);
  }
}
