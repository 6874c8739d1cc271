/**
 * The WebAssembly decoders of jSquash (MozJPEG, libwebp, libavif), run so that no file can harm the next one:
 * a heap limit that the decoder cannot grow beyond, and a fresh instance after every failure.
 */
import avifFactory from "@jsquash/avif/codec/dec/avif_dec.js";
import jpegFactory from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import webpFactory from "@jsquash/webp/codec/dec/webp_dec.js";
import { compileDecoder } from "#media/wasm";
import { InvalidPictureError, PictureTooLargeError } from "./errors.ts";
import type { Pixels } from "./pixels.ts";

export type Codec = "jpeg" | "webp" | "avif";

export interface DecodedPixels extends Pixels {
  /** What the decoder complained about without giving up. */
  readonly warnings: readonly string[];
}

interface Decoder {
  readonly codec: Codec;
  readonly memory: WebAssembly.Memory;
  readonly warnings: string[];
  /** Bytes that the heap may reach. */
  limit: number;
  /** Whether growing the heap was refused. */
  refused: boolean;
  run(bytes: Uint8Array): void;
}

interface EmscriptenModule {
  decode(bytes: Uint8Array, option?: unknown): unknown;
}

type Factory = (options: object) => Promise<EmscriptenModule>;

const FACTORIES: Readonly<Record<Codec, Factory>> = {
  jpeg: jpegFactory as unknown as Factory,
  webp: webpFactory as unknown as Factory,
  avif: avifFactory as unknown as Factory,
};

/** The decoders' second argument: JPEG: do not apply EXIF orientation; AVIF: 8 bits a channel. */
const ARGUMENTS: Readonly<Record<Codec, readonly unknown[]>> = { jpeg: [false], webp: [], avif: [8] };

/** Up to here pixels are copied and the instance serves again; beyond, its heap becomes the picture. */
const MAX_COPIED_BYTES = 8 * 1024 * 1024;

/** An instance starts with 16 MiB; one that grew beyond this is dropped, because heaps never shrink. */
const MAX_IDLE_HEAP = 32 * 1024 * 1024;

/** The real one, also while it is stood in for. */
const ClampedArray = Uint8ClampedArray;

const modules = new Map<Codec, Promise<WebAssembly.Module>>();

/** At most one instance waits for its next picture, whatever its codec: each holds 16 MiB and takes 1 to 3 ms to make. */
let idle: Decoder | undefined;

/**
 * Decodes with one of the WebAssembly decoders.
 *
 * @param maxHeap bytes that the decoder's heap may reach
 * @throws {PictureTooLargeError} when the heap limit was hit
 * @throws {InvalidPictureError} when the decoder gave up
 */
export async function decodeWithWasm(
  codec: Codec,
  bytes: Uint8Array,
  maxHeap: number,
): Promise<DecodedPixels> {
  const module = await compiled(codec);
  const decoder = idle?.codec === codec ? idle : await instantiate(codec, module);
  idle = undefined;
  decoder.limit = maxHeap;
  decoder.refused = false;
  decoder.warnings.length = 0;
  const { pixels, failure } = takePixels(decoder, bytes);
  if (!pixels) {
    if (decoder.refused) {
      throw new PictureTooLargeError(`Decoding the picture needs more than ${maxHeap} bytes of memory.`);
    }
    const reason = decoder.warnings[0] ?? "the decoder found no picture in it";
    throw new InvalidPictureError(`The ${codec.toUpperCase()} data are damaged: ${reason}.`, failure);
  }
  const heapIsPicture = pixels.data.buffer === decoder.memory.buffer;
  if (!heapIsPicture && decoder.memory.buffer.byteLength <= MAX_IDLE_HEAP) idle = decoder;
  return { ...pixels, warnings: [...decoder.warnings] };
}

/** A failed compilation is forgotten, so that the next picture tries again. */
function compiled(codec: Codec): Promise<WebAssembly.Module> {
  let module = modules.get(codec);
  if (!module) {
    module = compileDecoder(codec);
    modules.set(codec, module);
    module.catch(() => modules.delete(codec));
  }
  return module;
}

async function instantiate(codec: Codec, module: WebAssembly.Module): Promise<Decoder> {
  const warnings: string[] = [];
  let memory: WebAssembly.Memory | undefined;
  const emscripten = await FACTORIES[codec]({
    noInitialRun: true,
    print: (line: string) => warnings.push(line),
    printErr: (line: string) => warnings.push(line),
    instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      memory = Object.values(instance.exports).find((item) => item instanceof WebAssembly.Memory);
      receive(instance);
      return instance.exports;
    },
  });
  if (!memory) throw new Error(`The ${codec} decoder exports no memory.`);
  const decoder: Decoder = {
    ...{ codec, memory, warnings, limit: 0, refused: false },
    run: (bytes) => emscripten.decode(bytes, ...ARGUMENTS[codec]),
  };
  limitGrowth(decoder);
  return decoder;
}

/** Emscripten grows its heap through this method and treats an exception as "out of memory". */
function limitGrowth(decoder: Decoder): void {
  const { memory } = decoder;
  memory.grow = (pages: number) => {
    if (memory.buffer.byteLength + pages * 65_536 > decoder.limit) {
      decoder.refused = true;
      throw new RangeError("The decoder's heap limit is reached.");
    }
    return WebAssembly.Memory.prototype.grow.call(memory, pages);
  };
}

/**
 * Runs the decoder and takes the pixels out of its heap.
 *
 * The decoders end in `new ImageData(new Uint8ClampedArray(view of the heap), width, height)`, looked up on
 * globalThis. Workers and Node have no ImageData, and copying 48 MB beside a heap of 51 MB is what a Worker
 * cannot afford, so both constructors are stood in for while the synchronous call lasts.
 */
function takePixels(decoder: Decoder, bytes: Uint8Array): { pixels?: Pixels; failure?: unknown } {
  const scope = globalThis as { Uint8ClampedArray: unknown; ImageData: unknown };
  const { Uint8ClampedArray: originalArray, ImageData: originalImageData } = globalThis;
  scope.Uint8ClampedArray = HeapView;
  scope.ImageData = TakenPixels;
  taken = undefined;
  let failure: unknown;
  try {
    decoder.run(bytes);
  } catch (thrown) {
    failure = thrown;
  } finally {
    scope.Uint8ClampedArray = originalArray;
    if (originalImageData === undefined) Reflect.deleteProperty(globalThis, "ImageData");
    else scope.ImageData = originalImageData;
  }
  return taken ? { pixels: taken } : { failure };
}

/** Set by {@link TakenPixels} during a decoder's call. A decoder keeps the constructors that it sees first. */
let taken: Pixels | undefined;

/** Stands in for Uint8ClampedArray: the view itself instead of a copy. */
function HeapView(heap: Uint8Array): Uint8Array {
  return heap;
}

/**
 * Stands in for ImageData. Large pictures leave the decoder's call by an exception: it skips the decoder's own
 * clean-up, so the view stays valid; the instance, whose heap is now the picture, is never used again.
 */
function TakenPixels(heap: Uint8Array, width: number, height: number): object {
  const large = heap.byteLength > MAX_COPIED_BYTES;
  const source = large ? heap : heap.slice();
  taken = { width, height, data: new ClampedArray(source.buffer, source.byteOffset, source.byteLength) };
  if (large) throw new Error("The heap has become the picture.");
  return {};
}
