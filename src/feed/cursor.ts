/** Cursors of the feed: whose it is, and when its first page was asked for. What was shown since does not come again. */
import { z } from "zod";
import { decodeCursor, encodeCursor } from "../catalog/cursor.ts";
import { InvalidCursorError } from "../catalog/errors.ts";

/** Milliseconds since 1970 that a `Date` can hold. */
const LATEST = 8.64e15;

const FeedCursor = z.tuple([z.literal("feed"), z.string().length(16), z.int().min(0).max(LATEST)]);

/** @param started when the first page was asked for, in milliseconds since 1970 */
export async function feedCursor(user: string, surface: string, started: number): Promise<string> {
  return encodeCursor(["feed", await printOf(user, surface), started]);
}

/**
 * When the first page was asked for.
 * @throws {InvalidCursorError} when it is broken, or of another person or surface
 */
export async function readFeedCursor(text: string, user: string, surface: string): Promise<number> {
  const [, print, started] = decodeCursor(text, FeedCursor);
  if (print !== (await printOf(user, surface))) {
    throw new InvalidCursorError("The cursor belongs to somebody else's feed, or to another surface.");
  }
  return started;
}

async function printOf(user: string, surface: string): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([user, surface]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
