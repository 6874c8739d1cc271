/** A server of the test file's own, and a client that talks to it. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect } from "vitest";
import { Corkboard } from "../../src/client/index.ts";
import { eventually } from "../api/dev-server.ts";
import { type Serve, startServe, temporaryFolder } from "../api/serve.ts";

export interface Product {
  readonly server: Serve;
  readonly corkboard: Corkboard;
  readonly storage: string;
  /** Ends the server and starts it again on the same storage. */
  restart(): Promise<void>;
  /** Waits until these items can be found. */
  embedded(...ids: string[]): Promise<void>;
}

/** Starts it before the tests of a file, and ends it after them. */
export function wholeProduct(): Product {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: Serve;
  let corkboard: Corkboard;
  const start = async () => {
    server = await startServe(folder.path);
    corkboard = new Corkboard({ baseUrl: server.origin });
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
    await start();
  });
  afterAll(async () => {
    await server?.stop();
    await folder?.remove();
  });
  return {
    get server() {
      return server;
    },
    get corkboard() {
      return corkboard;
    },
    get storage() {
      return folder.path;
    },
    async restart() {
      expect(await server.stop()).toBe(0);
      await start();
    },
    embedded: (...ids) =>
      eventually(async () => {
        for (const id of ids) expect((await corkboard.items.get(id)).state).toEqual({ status: "embedded" });
      }, 60_000),
  };
}

export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
