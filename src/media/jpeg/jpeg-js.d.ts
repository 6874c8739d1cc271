/** jpeg-js publishes types for its entry point only; the decoder alone leaves the encoder out of bundles. */
declare module "jpeg-js/lib/decoder.js" {
  export default function decode(
    bytes: Uint8Array,
    options: {
      useTArray: true;
      formatAsRGBA: boolean;
      tolerantDecoding: boolean;
      maxMemoryUsageInMB: number;
    },
  ): { width: number; height: number; data: Uint8Array<ArrayBuffer> };
}
