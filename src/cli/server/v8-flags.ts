/**
 * V8 flags for workerd, which takes them in its configuration alone, where Miniflare writes none.
 *
 * On a machine with two cores V8 has one helper thread. While it compiles for one isolate it can wait for that
 * isolate's garbage collection, which the main thread would do, were it not in another isolate's collection and
 * waiting for the helper: workerd then hangs for good. With `SINGLE_THREADED_GC` no collection waits for a helper.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "../root.ts";

export const SINGLE_THREADED_GC = "--single-threaded-gc";

const WORD = 8;

/**
 * Environment in which Miniflare, of this process or of wrangler, starts workerd with V8 flags: through a shell script
 * beside the built command line, which runs `add-v8-flags.js` and then is workerd. Nothing where there is no such shell,
 * or somebody has chosen another workerd.
 */
export async function v8FlagsEnvironment(flags: readonly string[]): Promise<Record<string, string>> {
  if (process.platform === "win32" || process.env.MINIFLARE_WORKERD_PATH) return {};
  const { serializeConfig } = await import("miniflare");
  const ofMiniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  const { default: workerd } = ofMiniflare("workerd") as { readonly default: string };
  const config = serializeConfig({ v8Flags: [...flags] } as Parameters<typeof serializeConfig>[0]);
  return {
    MINIFLARE_WORKERD_PATH: join(ROOT, "dist/cli/workerd.sh"),
    CORKBOARD_NODE: process.execPath,
    CORKBOARD_V8_FLAGS: Buffer.from(config).toString("base64"),
    CORKBOARD_WORKERD: workerd,
  };
}

/**
 * A workerd configuration with the V8 flags of another one that holds nothing else. Both are Cap'n Proto messages
 * (https://capnproto.org/encoding.html): the flags become a segment more, which the configuration's root points into.
 * @throws {RangeError} when a message is not laid out as Miniflare writes it, or has V8 flags already
 */
export function withV8Flags(config: Buffer, flags: Buffer): Buffer {
  const [first, ...others] = segmentsOf(config);
  const [added, ...more] = segmentsOf(flags);
  if (!first || !added || more.length > 0) throw new RangeError("a message of another layout");
  const from = pointersOf(added);
  const slot = from.findIndex((at) => added.readBigUInt64LE(at) !== 0n);
  const [source, target] = [from[slot], pointersOf(first)[slot]];
  if (source === undefined || target === undefined || first.readBigUInt64LE(target) !== 0n) {
    throw new RangeError("no room for V8 flags");
  }
  const root = Buffer.from(first);
  root.writeBigUInt64LE(farPointer(1 + others.length, source / WORD), target);
  return messageOf([root, ...others, added]);
}

/** To a word of another segment that itself is a pointer. */
function farPointer(segment: number, word: number): bigint {
  return (BigInt(segment) << 32n) | BigInt((word << 3) | 2);
}

/** Where the root struct's pointers are in its segment, in bytes. */
function pointersOf(segment: Buffer): number[] {
  const kind = segment.readUInt8(0) & 3;
  if (kind !== 0) throw new RangeError("the root is no struct of its segment");
  const first = 1 + (segment.readInt32LE(0) >> 2) + segment.readUInt16LE(4);
  return Array.from({ length: segment.readUInt16LE(6) }, (_, n) => (first + n) * WORD);
}

function segmentsOf(message: Buffer): Buffer[] {
  const count = message.readUInt32LE(0) + 1;
  let at = headBytes(count);
  return Array.from({ length: count }, (_, n) => {
    const bytes = WORD * message.readUInt32LE(4 + 4 * n);
    at += bytes;
    return message.subarray(at - bytes, at);
  });
}

function messageOf(segments: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(headBytes(segments.length));
  head.writeUInt32LE(segments.length - 1, 0);
  for (const [n, segment] of segments.entries()) head.writeUInt32LE(segment.length / WORD, 4 + 4 * n);
  return Buffer.concat([head, ...segments]);
}

/** The number of segments, their lengths, and padding to a whole word. */
function headBytes(segments: number): number {
  return WORD * Math.ceil((4 + 4 * segments) / WORD);
}
