/** A server of its own, with a catalogue that is filled first. */
import { Corkboard } from "../../../src/client/index.ts";
import { fillCatalogue } from "../../../src/demo/fill.ts";
import { startServe, temporaryFolder } from "../../api/serve.ts";

/** @param fill puts products into the empty catalogue; waiting until they are embedded is not its business */
export async function withServer(
  fill: (origin: string) => Promise<unknown>,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const folder = await temporaryFolder();
  const server = await startServe(folder.path, "--quiet");
  try {
    await fill(server.origin);
    await settled(server.origin);
    await use(server.origin);
  } finally {
    await server.stop();
    await folder.remove();
  }
}

/** Drawing keeps this process busy, so that it does not notice when the server ends an idle connection: asks again. */
const steadyFetch: typeof fetch = (input, init) => fetch(input, init).catch(() => fetch(input, init));

/** With the showroom's products. */
export function withShowroom(use: (origin: string) => Promise<void>): Promise<void> {
  return withServer((origin) => fillCatalogue({ baseUrl: origin, batchSize: 5, fetch: steadyFetch }), use);
}

/** Waits until every picture is embedded. */
async function settled(origin: string): Promise<void> {
  const client = new Corkboard({ baseUrl: origin });
  while ((await client.catalog()).states.pending > 0) await new Promise((done) => setTimeout(done, 500));
}
