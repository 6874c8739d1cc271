/** The API in real workerd, with an origin in a process of its own that is killed and comes back. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EmbeddingList } from "../../src/http/schemas/embeddings.ts";
import { HOST_FAILURES } from "../../src/inference/guarded-host.ts";
import { drawJpeg } from "../http/pictures.ts";
import { type OriginCommand, startCommand } from "../origin/command.ts";
import { freePort } from "../origin/free-port.ts";
import { type DevServer, eventually, startDevServer } from "./dev-server.ts";

const SECRET = "correct horse battery staple";
const MODEL = "unified-embedding";

let server: DevServer;
let origin: OriginCommand;
let port: number;
/** Each picture is another one, so that no cache answers. */
let seed = 1_000;

async function startOrigin(): Promise<void> {
  origin = startCommand(
    ["--port", String(port), "--models", MODEL, "--provider", "cpu", "--threads", "1"],
    SECRET,
  );
  await eventually(async () => expect(origin.said()).toContain("The origin is at"), 60_000);
}

beforeAll(async () => {
  port = await freePort();
  await startOrigin();
  server = await startDevServer({
    ORIGIN_URL: `http://127.0.0.1:${port}`,
    ORIGIN_SECRET: SECRET,
    INFERENCE_FIRST: "origin",
  });
});
afterAll(async () => {
  origin?.process.kill("SIGKILL");
  await server?.stop();
});

async function embed(picture = drawJpeg(seed++)): Promise<readonly number[]> {
  const body = new FormData();
  body.append("image", new Blob([picture], { type: "image/jpeg" }), "photo.jpg");
  const response = await server.fetch("/v1/embeddings", { method: "POST", body });
  expect(response.status).toBe(200);
  const { data } = (await response.json()) as EmbeddingList;
  return data[0]!.embedding as number[];
}

/** Inferences by host and outcome, such as `origin ok`. */
async function counted(what: string): Promise<number> {
  const [host, outcome] = what.split(" ");
  const text = await (await server.fetch("/metrics")).text();
  const line = `corkboard_host_inferences_total{host="${host}",outcome="${outcome}"} `;
  return Number(
    text
      .split("\n")
      .find((one) => one.startsWith(line))
      ?.slice(line.length) ?? 0,
  );
}

/** How many more of `what` are counted after `work`. */
async function more(what: string, work: () => Promise<unknown>): Promise<number> {
  const before = await counted(what);
  await work();
  return (await counted(what)) - before;
}

it("embeds at the origin; at the edge once that is killed, and leaves it alone; at the origin when it is back", async () => {
  // The origin lacks the other models, of which the edge has answered for readiness.
  expect(await counted("origin missing")).toBeGreaterThan(0);
  const edgeBefore = await counted("edge ok");
  expect(await more("origin ok", embed)).toBe(1);
  expect(await counted("edge ok")).toBe(edgeBefore);

  origin.process.kill("SIGKILL");
  await origin.ended;
  for (let turn = 0; turn < HOST_FAILURES; turn++) expect(await more("edge ok", embed)).toBe(1);
  expect(await more("origin skipped", embed)).toBe(1);

  await startOrigin();
  await eventually(async () => expect(await more("origin ok", embed)).toBe(1));
  expect(await more("origin ok", embed)).toBe(1);
});

it("answers the same vector from either, up to what their arithmetic differs in", async () => {
  const picture = drawJpeg(7);
  const atEdge = await eventually(async () => {
    origin.process.kill("SIGSTOP");
    const edgeBefore = await counted("edge ok");
    const vector = await embed(picture);
    expect(await counted("edge ok")).toBe(edgeBefore + 1);
    return vector;
  });
  origin.process.kill("SIGCONT");
  await eventually(async () => expect(await more("origin ok", embed)).toBe(1));
  // The cache knows the vector by now: a picture that differs in no pixel, but in its bytes.
  const again = new Uint8Array([...picture, 0]);
  let atOrigin: readonly number[] = [];
  expect(await more("origin ok", async () => (atOrigin = await embed(again)))).toBe(1);
  const cosine = atEdge.reduce((sum, value, index) => sum + value * atOrigin[index]!, 0);
  expect(cosine).toBeGreaterThan(0.99);
});
