/** Runs inside workerd for `bench/picture.ts`: repeats one stage of the way from a picture's bytes to its tensor. */
import { decodePicture } from "../../src/media/decode.ts";
import { toTensor } from "../../src/media/tensor.ts";
import type { Preprocess } from "../../src/runtime/manifest.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const repeats = Number(searchParams.get("k"));
    const preprocess: Preprocess = JSON.parse(searchParams.get("preprocess")!);
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (pathname === "/decode") {
      for (let left = repeats; left > 0; left--) await decodePicture(bytes);
    } else {
      const picture = await decodePicture(bytes);
      for (let left = repeats; left > 0; left--) toTensor(picture, preprocess);
    }
    return new Response();
  },
};
