/** Scenes through the whole product: real models, a real catalogue. `npm run build` must have run. */
import jpeg from "jpeg-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProblemDocument } from "../../src/http/problem-document.ts";
import { pictureFixtures } from "../media/fixtures.ts";
import { MUTATIONS, randomFrom } from "../media/mutations.ts";
import { type Serve, startServe, temporaryFolder } from "./serve.ts";

/** `FUZZ_SEED=123 npx vitest run test/api/scenes` repeats a run or tries another. */
const SEED = Number(process.env.FUZZ_SEED ?? 2_025);
const MUTANTS = 500;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Serve;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServe(folder.path);
});

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

/** The server ends connections whose body it has refused to read; what was sent on one then is sent again. */
function post(path: string, body: Uint8Array<ArrayBuffer>, query = ""): Promise<Response> {
  const init = { method: "POST", body, headers: { "content-type": "image/jpeg" } };
  const url = `${server.origin}${path}${query}`;
  return fetch(url, init).catch(() => fetch(url, init));
}

const ENDPOINTS = ["/v1/shop-the-look", "/v1/complete-the-look"] as const;

describe("scenes", () => {
  it(`end in an answer or in a problem, however they are damaged (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    const names = Object.keys(MUTATIONS);
    let answered = 0;
    for (let run = 0; run < MUTANTS; run++) {
      const original = pictureFixtures[random(pictureFixtures.length)]!;
      const name = names[run % names.length]!;
      const mutant = new Uint8Array(MUTATIONS[name]!(original.file.slice(), random));
      await Promise.all(
        ENDPOINTS.map(async (endpoint) => {
          const response = await post(endpoint, mutant);
          const label = `seed ${SEED}, run ${run}: ${original.name}, ${name}, ${endpoint}: ${response.status}`;
          if (response.status === 200) {
            answered += 1;
            await response.json();
            return;
          }
          expect(response.status, label).toBeGreaterThanOrEqual(400);
          expect(response.status, label).toBeLessThan(500);
          expect(response.headers.get("content-type"), label).toBe("application/problem+json");
          const { detail, code } = (await response.json()) as ProblemDocument;
          expect(detail && code, label).toBeTruthy();
        }),
      );
    }
    // Damage that no picture survives would test the decoder only.
    expect(answered).toBeGreaterThan(MUTANTS / 10);
    const errors = server
      .log()
      .split("\n")
      .filter((line) => line.includes('"level":"error"'));
    expect(errors).toEqual([]);
  }, 300_000);

  it("may be as small as one pixel, as flat as a line, and of one colour", async () => {
    for (const [width, height] of [
      [1, 1],
      [1, 400],
      [900, 2],
      [640, 480],
    ] as const) {
      const data = new Uint8Array(width * height * 4).fill(200);
      const picture = new Uint8Array(jpeg.encode({ data, width, height }, 90).data);
      for (const endpoint of ["/v1/detect", ...ENDPOINTS]) {
        const response = await post(endpoint, picture);
        expect(response.status, `${width} × ${height}, ${endpoint}`).toBe(200);
      }
    }
  });
});
