/** Chooses who encodes a picture, and falls back visibly when the first choice cannot. */
import { sha256Hex } from "../../../../src/media/sha256.ts";
import type { Model } from "../model.ts";
import type { Picture } from "../picture.ts";
import { PageProblem, reasonOf } from "../problem.ts";
import type { Device } from "./device.ts";
import { type EncoderChoice, type Encoding, PLACE_NAMES, type Place, type Report } from "./encoding.ts";
import { findGpu } from "./gpu.ts";
import { lookUp } from "./lookup.ts";
import { PICTURE_PROBLEMS } from "./messages.ts";
import { encodeOnServer } from "./server.ts";
import { Stopwatch } from "./timing.ts";

/** Who is tried, in order. Asked for by name, this device never sends the picture away. */
const ROUTES: Readonly<Record<EncoderChoice, readonly Place[]>> = {
  auto: ["webgpu", "wasm", "server"],
  webgpu: ["webgpu", "wasm"],
  wasm: ["wasm"],
  server: ["server"],
};

export interface Encoder {
  /**
   * Encodes a picture. `auto` and `server` first ask whether the edge has the embedding already;
   * a device that was asked for by name always computes, so that it can be watched at work.
   * @throws {PageProblem} when every encoder on the route failed: the last one's problem.
   */
  encode(picture: Picture, model: Model, choice: EncoderChoice, report: Report): Promise<Encoding>;
}

export function createEncoder(device: Device): Encoder {
  return {
    async encode(picture, model, choice, report) {
      const watch = new Stopwatch();
      const sha256 = await hash(picture, watch);
      const known = choice === "auto" || choice === "server" ? await find(model, sha256, report) : undefined;
      if (known !== undefined) return { ...known, stages: [...watch.stages, ...known.stages] };

      const passedOver: string[] = [];
      let problem: unknown;
      for (const place of ROUTES[choice]) {
        if (place !== "server" && isPictureProblem(problem)) continue;
        try {
          const encoding = await encodeAt(place, { picture, sha256, model, choice, report });
          return {
            ...encoding,
            stages: [...watch.stages, ...encoding.stages],
            passedOver: [...passedOver, ...encoding.passedOver],
          };
        } catch (thrown) {
          problem = thrown;
          passedOver.push(`${PLACE_NAMES[place]}: ${reasonOf(thrown)}`);
        }
      }
      throw problem;
    },
  };

  async function encodeAt(place: Place, work: Work): Promise<Encoding> {
    const { picture, model, report } = work;
    if (place === "server") {
      report("Sending it to the server");
      return { ...(await encodeOnServer(model, picture)), place, passedOver: [] };
    }
    const sha256 = fitHash(work);
    if (place === "webgpu" && work.choice === "auto") await assertRealGpu();
    const { embedding, stages, engine, passedOver } = await device.encode(place, model, picture.blob, report);
    return { embedding, stages, sha256, place, cache: "miss", engine, passedOver };
  }
}

interface Work {
  readonly picture: Picture;
  readonly sha256: string | undefined;
  readonly model: Model;
  readonly choice: EncoderChoice;
  readonly report: Report;
}

/** What the edge has already; when it cannot even be asked, nothing. */
async function find(model: Model, sha256: string | undefined, report: Report): Promise<Encoding | undefined> {
  if (sha256 === undefined) return undefined;
  report("Asking the cache");
  const answer = await lookUp(model, sha256).catch(() => undefined);
  return answer && { ...answer, sha256, place: "server", passedOver: [] };
}

/** The picture's sha256, or undefined where the browser has no hashing (pages that came over plain HTTP). */
async function hash(picture: Picture, watch: Stopwatch): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  return watch.time("hash", async () => sha256Hex(new Uint8Array(await picture.blob.arrayBuffer())));
}

/** The picture's hash, if this device should compute at all. @throws {PageProblem} why it should not */
function fitHash({ sha256, choice }: Work): string {
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } };
  if (sha256 === undefined) throw unfit("needs HTTPS or localhost");
  if (choice === "auto" && connection?.saveData === true) throw unfit("data saver is on");
  return sha256;
}

/** An emulated GPU is slower than WASM on the same processor. @throws {PageProblem} when there is no other */
async function assertRealGpu(): Promise<void> {
  const gpu = await findGpu();
  if (gpu.available && gpu.emulated) throw unfit("only an emulated GPU");
}

function unfit(detail: string): PageProblem {
  return new PageProblem({
    code: "device-unfit",
    title: "This device cannot encode",
    detail,
    hint: "Choose the server.",
  });
}

const isPictureProblem = (thrown: unknown): boolean =>
  thrown instanceof PageProblem && PICTURE_PROBLEMS.has(thrown.text.code);
