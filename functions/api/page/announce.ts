/** Speaks to screen readers. */
import { element, part } from "./dom.ts";

/** Announcements that stay in the live region; older ones have been spoken. */
const KEPT_ANNOUNCEMENTS = 4;

/** The region is a log, so that two messages in a row are both heard. */
export function announce(text: string): void {
  const region = part(document, "announcer");
  region.append(element("p", {}, text));
  while (region.childElementCount > KEPT_ANNOUNCEMENTS) region.firstElementChild?.remove();
}
