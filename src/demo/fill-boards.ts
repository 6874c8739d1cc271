/** Makes the showroom's boards, over HTTP. */
import { Corkboard } from "../client/index.ts";
import { generateBoards } from "./boards.ts";
import type { FillOptions } from "./fill.ts";
import { generateProducts, SHOWROOM } from "./products.ts";

/**
 * Makes the boards of a showroom that has none: whoever removed or changed some keeps the others as they are.
 * @returns how many were made
 * @throws what the client throws, when the API fails
 */
export async function fillBoards(
  options: Pick<FillOptions, "baseUrl" | "token" | "seed" | "count" | "fetch" | "signal">,
): Promise<number> {
  const { baseUrl, token, seed = SHOWROOM.seed, count = SHOWROOM.count, signal } = options;
  const { boards } = new Corkboard({ baseUrl, key: token, ...(options.fetch && { fetch: options.fetch }) });
  const { boards: present } = await boards.list({ limit: 1 }, { signal });
  if (present.length > 0) return 0;
  const all = generateBoards(generateProducts({ seed, count }));
  for (const { id, title, description, items } of all) {
    await boards.put(id, { title, description, items: [...items] }, { signal });
  }
  return all.length;
}
