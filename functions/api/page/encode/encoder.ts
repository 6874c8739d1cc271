/** Chooses who encodes a picture, and falls back visibly when the first choice cannot. */
import { sha256Hex } from "../../../../src/media/sha256.ts";
import type { Model } from "../model.ts";
import type { Picture } from "../picture.ts";
import { problemText } from "../problem.ts";
import type { Device } from "./device.ts";
import { type EncoderChoice, type Encoding, PLACE_NAMES, type Place, type Report } from "./encoding.ts";
import { lookUp } from "./lookup.ts";
import { encodeOnServer } from "./server.ts";
import { Stopwatch } from "./timing.ts";

/** Who is tried, in order. */
const ROUTES: Readonly<Record<EncoderChoice, readonly Place[]>> = {
  auto: ["webgpu", "wasm", "server"],
  webgpu: ["webgpu", "wasm", "server"],
  wasm: ["wasm", "server"],
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
      const passedOver: string[] = [];
      const sha256 = await hash(picture, watch);

      if (sha256 !== undefined && (choice === "auto" || choice === "server")) {
        report("Asking the cache");
        const answer = await lookUp(model, sha256).catch(() => undefined);
        if (answer !== undefined) {
          return {
            ...answer,
            sha256,
            place: "server",
            stages: [...watch.stages, ...answer.stages],
            passedOver,
          };
        }
      }

      const route = ROUTES[choice].filter((place) => {
        const reason = place === "server" ? undefined : unfit(sha256, choice);
        if (reason !== undefined) passedOver.push(`${PLACE_NAMES[place]}: ${reason}`);
        return reason === undefined;
      });
      for (const place of route.slice(0, -1)) {
        try {
          const done = await encodeAt(place);
          return { ...done, passedOver };
        } catch (thrown) {
          passedOver.push(`${PLACE_NAMES[place]}: ${reasonOf(thrown)}`);
        }
      }
      return { ...(await encodeAt("server")), passedOver };

      async function encodeAt(place: Place): Promise<Omit<Encoding, "passedOver">> {
        if (place === "server" || sha256 === undefined) {
          report("Sending it to the server");
          const answer = await encodeOnServer(model, picture);
          return { ...answer, place: "server", stages: [...watch.stages, ...answer.stages] };
        }
        const done = await device.encode(place, model, picture.blob, report);
        const { embedding } = done;
        return { embedding, sha256, place, cache: "miss", stages: [...watch.stages, ...done.stages] };
      }
    },
  };
}

/** The picture's sha256, or undefined where the browser has no hashing (pages that came over plain HTTP). */
async function hash(picture: Picture, watch: Stopwatch): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  return watch.time("hash", async () => sha256Hex(new Uint8Array(await picture.blob.arrayBuffer())));
}

/** Why this device should not compute at all. */
function unfit(sha256: string | undefined, choice: EncoderChoice): string | undefined {
  if (sha256 === undefined) return "needs HTTPS or localhost";
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } };
  if (choice === "auto" && connection?.saveData === true) return "data saver is on";
  return undefined;
}

/** The detail as a clause: the engine's own name in front and the full stop are left out. */
function reasonOf(thrown: unknown): string {
  const detail = problemText(thrown).detail.replace(/^(?:Engine|Model) "[^"]*": /, "");
  return detail.charAt(0).toLowerCase() + detail.slice(1).replace(/\.$/, "");
}
