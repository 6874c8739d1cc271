/** Boards for tests in workerd, in shards of the test's own. */
import { env } from "cloudflare:test";
import { Boards } from "../../../src/catalog/boards/boards.ts";
import type { ShardNamespace } from "../../../src/catalog/shards.ts";

type BoardShardId = ReturnType<typeof env.BOARDS.idFromName>;

export function boardNamespace(): ShardNamespace {
  const prefix = crypto.randomUUID();
  return {
    idFromName: (name) => env.BOARDS.idFromName(`${prefix}-${name}`),
    get: (id) => env.BOARDS.get(id as BoardShardId),
  };
}

export function openBoards(): Boards {
  return new Boards(boardNamespace(), 3);
}
