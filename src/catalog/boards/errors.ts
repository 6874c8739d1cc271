/** Errors of boards, as callers see them. */
import { Problem } from "../../problem.ts";
import { MAX_BOARDS_PER_SHARD, MAX_ITEMS_PER_BOARD } from "./limits.ts";

export class BoardNotFoundError extends Problem {
  constructor(id: string) {
    super({
      status: 404,
      code: "board-not-found",
      title: "There is no such board",
      detail: `There is no board ${id}.`,
      hint: "Check the id, or make the board with PUT.",
    });
  }
}

export class NotOnBoardError extends Problem {
  constructor(board: string, item: string) {
    super({
      status: 404,
      code: "item-not-on-board",
      title: "The item is not on the board",
      detail: `Board ${board} has no item ${item}.`,
      hint: "List the board's items, or put the item there with PUT.",
    });
  }
}

export class BoardVersionConflictError extends Problem {
  /** The version that the board has; 0 when there is none. */
  readonly version: number;

  constructor(id: string, version: number) {
    super({
      status: 412,
      code: "version-conflict",
      title: "The board has another version",
      detail: version === 0 ? `There is no board ${id}.` : `Board ${id} has version ${version}.`,
      hint: "Read the board again and repeat the change on what it is now.",
    });
    this.version = version;
  }
}

export class BoardFullError extends Problem {
  constructor(id: string) {
    super({
      status: 409,
      code: "board-full",
      title: "The board is full",
      detail: `Board ${id} has ${MAX_ITEMS_PER_BOARD} items.`,
      hint: "Take some away, or make another board.",
    });
  }
}

export class TooManyBoardsError extends Problem {
  constructor() {
    super({
      status: 507,
      code: "too-many-boards",
      title: "There are too many boards",
      detail: `The shard of this board holds ${MAX_BOARDS_PER_SHARD} boards.`,
      hint: "Remove boards that nobody needs.",
    });
  }
}
