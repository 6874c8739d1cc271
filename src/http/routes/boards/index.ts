/** All routes of boards. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Boards } from "../../../catalog/boards/boards.ts";
import type { Catalog } from "../../../catalog/catalog.ts";
import type { AppEnv } from "../../context.ts";
import type { Metrics } from "../../metrics.ts";
import { boardItems } from "./board-items.ts";
import { moreLikeBoard } from "./more-like-board.ts";
import { readBoards } from "./read-boards.ts";
import { writeBoard } from "./write-board.ts";

export interface BoardRouteOptions {
  readonly boards: Boards;
  readonly catalog: Catalog;
  readonly metrics: Metrics;
}

export function boardRoutes(app: OpenAPIHono<AppEnv>, options: BoardRouteOptions): void {
  readBoards(app, options);
  writeBoard(app, options);
  boardItems(app, options);
  moreLikeBoard(app, options);
}
