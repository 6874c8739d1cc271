/** What everything that shows items needs. */
import type { Api } from "../access/api.ts";
import type { BoardKeeper } from "../boards/keeper.ts";
import type { Router } from "../route.ts";

export interface PageContext {
  readonly api: Api;
  readonly router: Router;
  readonly boards: BoardKeeper;
  readonly announce: (text: string) => void;
  /** Told when an item is gone, so that no view goes on showing it. */
  readonly removed: (id: string) => void;
  /** Told when somebody goes to where an item is at home. */
  readonly followed: (id: string) => void;
}
