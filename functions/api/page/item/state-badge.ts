/** Where an item stands on its way to being found. */
import type { Item } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";

const WORDS = { pending: "pending", embedded: "embedded", failed: "failed" } as const;

export function stateBadge({ state }: Pick<Item, "state">): HTMLElement {
  return element("span", { class: `state ${state.status}` }, WORDS[state.status]);
}

/** Why it failed, or why it waits again; nothing for items that are well. */
export function stateReason({
  state: { status, reason, attempts },
}: Pick<Item, "state">): string | undefined {
  if (status === "embedded" || reason === undefined) return undefined;
  if (status === "failed") return reason;
  return `Attempt ${attempts ?? 1} failed, it is tried again: ${reason}`;
}
