/** Items whose pictures are the same, or nearly so, side by side. */
import type { DuplicateGroup, Item } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";
import { openAddress } from "../item/card.ts";
import type { PageContext } from "../item/context.ts";
import { itemPicture } from "../item/picture.ts";
import { titleOf } from "../item/words.ts";
import { problemSlip } from "../views/problem-slip.ts";

/** Groups that are shown at a time. */
const GROUPS = 12;

/** Pictures of one group; more say nothing more. */
const MEMBERS = 6;

/** Fills `panel` with the groups that follow `cursor`. */
export async function showDuplicates(panel: HTMLElement, page: PageContext): Promise<void> {
  panel.replaceChildren(element("p", { class: "waiting" }, "Looking for pictures that are alike…"));
  try {
    const groups = await firstGroups(page);
    const items = await fetchItems(groups, page);
    panel.replaceChildren(...groups.map((group) => groupOf(group, items, page)));
    if (groups.length === 0)
      panel.append(element("p", { class: "empty" }, "No two pictures are nearly the same."));
  } catch (thrown) {
    panel.replaceChildren(problemSlip(thrown, () => void showDuplicates(panel, page)));
  }
}

async function firstGroups({ api }: PageContext): Promise<DuplicateGroup[]> {
  const groups: DuplicateGroup[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? {} : { cursor };
    const report = await api.call((client) => client.duplicates(query));
    groups.push(...report.groups);
    cursor = report.next;
  } while (cursor !== undefined && groups.length < GROUPS);
  return groups.slice(0, GROUPS);
}

async function fetchItems(
  groups: readonly DuplicateGroup[],
  { api }: PageContext,
): Promise<Map<string, Item>> {
  const ids = new Set(groups.flatMap((group) => membersOf(group).map(({ id }) => id)));
  const items = await Promise.all(
    [...ids].map((id) => api.call((client) => client.items.get(id)).catch(() => undefined)),
  );
  return new Map(items.filter((item) => item !== undefined).map((item) => [item.id, item]));
}

function membersOf({ id, duplicates }: DuplicateGroup): { id: string; why: string }[] {
  const others = duplicates.map(({ id: other, by, score }) => ({
    id: other,
    why:
      by === "picture"
        ? "the same picture"
        : `looks the same${score === undefined ? "" : ` (${score.toFixed(3)})`}`,
  }));
  return [{ id, why: "" }, ...others].slice(0, MEMBERS);
}

function groupOf(group: DuplicateGroup, items: ReadonlyMap<string, Item>, page: PageContext): HTMLElement {
  const members = membersOf(group).flatMap(({ id, why }) => {
    const item = items.get(id);
    if (item === undefined) return [];
    const link = element(
      "a",
      { class: "entry-link", href: openAddress(id, page) },
      element("span", { class: "entry-face" }, itemPicture(item, page.api)),
      element("span", { class: "entry-title" }, titleOf(item)),
    );
    return [element("li", { class: "entry" }, link, element("p", { class: "entry-facts" }, why))];
  });
  return element("ul", { class: "entries twins" }, ...members);
}
