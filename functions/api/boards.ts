/** The boards' binding. */
import { Boards } from "../../src/catalog/boards/boards.ts";
import type { ShardNamespace } from "../../src/catalog/shards.ts";

export interface BoardBindings {
  /** Durable Objects of the class `BoardShard`. */
  readonly BOARDS?: ShardNamespace;
  /** How many shards the boards have. Never to be changed once there are some. */
  readonly BOARD_SHARDS?: string;
}

/** The boards, where they are bound. */
export function boardsOf({ BOARDS, BOARD_SHARDS }: BoardBindings): Boards | undefined {
  return BOARDS && new Boards(BOARDS, BOARD_SHARDS === undefined ? undefined : Number(BOARD_SHARDS));
}
