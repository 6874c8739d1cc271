/**
 * Takes the README's screenshots of the page, after `npm run build`: `npm run screenshots`, or only some of them,
 * such as `npm run screenshots -- looks`.
 */
import { mkdir } from "node:fs/promises";
import { captureBoards } from "./screenshots/boards.ts";
import { captureComparison } from "./screenshots/compare.ts";
import { captureFeed } from "./screenshots/feed.ts";
import { captureLooks } from "./screenshots/looks.ts";
import { capturePhotographs } from "./screenshots/photographs.ts";
import { captureSearch } from "./screenshots/search.ts";
import { IMAGES } from "./screenshots/shot.ts";
import { withShowroom } from "./screenshots/showroom-server.ts";
import { captureWords } from "./screenshots/words.ts";

/** Each on its own, and those that share a filled showroom together. */
const KINDS = ["compare", "search", "looks", "boards", "feed", "words", "photographs"] as const;

const chosen = process.argv.slice(2);
const wanted = (kind: (typeof KINDS)[number]) => chosen.length === 0 || chosen.includes(kind);
const unknown = chosen.filter((kind) => !(KINDS as readonly string[]).includes(kind));
if (unknown.length > 0) throw new RangeError(`${unknown.join()}: there are ${KINDS.join(", ")}`);

await mkdir(IMAGES, { recursive: true });
if (wanted("compare")) await captureComparison();
if (wanted("search") || wanted("looks") || wanted("boards") || wanted("feed")) {
  await withShowroom(async (origin) => {
    if (wanted("search")) await captureSearch(origin);
    if (wanted("looks")) await captureLooks(origin);
    if (wanted("boards")) await captureBoards(origin);
    if (wanted("feed")) await captureFeed(origin);
  });
}
if (wanted("words")) await captureWords();
if (wanted("photographs")) await capturePhotographs();
