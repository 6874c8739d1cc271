/** What travels through the queue: a hint that items wait. The truth is in the shards. */
import { z } from "zod";
import { ItemId } from "../item.ts";
import type { Space } from "./protocol.ts";
import { ITEMS_PER_MESSAGE } from "./schedule.ts";

export const EmbeddingMessage = z.strictObject({
  space: z.strictObject({ model: z.string().min(1), revision: z.string().min(1) }),
  ids: z.array(ItemId).min(1).max(ITEMS_PER_MESSAGE),
});
export type EmbeddingMessage = z.infer<typeof EmbeddingMessage>;

/** Messages for these items, few to a message. */
export function messagesOf(ids: readonly string[], space: Space): EmbeddingMessage[] {
  const { model, revision } = space;
  const messages: EmbeddingMessage[] = [];
  for (let at = 0; at < ids.length; at += ITEMS_PER_MESSAGE) {
    messages.push({ space: { model, revision }, ids: ids.slice(at, at + ITEMS_PER_MESSAGE) });
  }
  return messages;
}
