/** Tells the API what the showroom's people did, over HTTP. */
import { Corkboard } from "../client/index.ts";
import type { Event } from "../people/event.ts";
import { MAX_EVENTS } from "../people/limits.ts";
import type { FillOptions } from "./fill.ts";
import { DAYS } from "./people/person.ts";
import { eventsOf, simulate } from "./people.ts";
import { generateProducts, type Product, SHOWROOM } from "./products.ts";
import { SHOWROOM_PEOPLE } from "./showroom-people.ts";

const DAY_MS = 86_400_000;

/**
 * What the showroom's people did in the weeks until yesterday, one person after the other. Ids of events do not depend
 * on the day: the API counts each once, whenever it comes again.
 */
export function showroomEvents(
  products: readonly Product[],
  seed = SHOWROOM.seed,
  now = Date.now(),
): Event[] {
  // A visit that began before midnight may end after it.
  const firstDay = (Math.floor(now / DAY_MS) - DAYS - 1) * DAY_MS;
  return SHOWROOM_PEOPLE.flatMap((person) => [
    ...eventsOf(simulate({ seed, products, people: [person] }), products, firstDay),
  ]);
}

/**
 * Sends the events of {@link SHOWROOM_PEOPLE}, unless they are there. Somebody who was forgotten since stays forgotten.
 * Interests follow as the items get their vectors.
 * @returns how many the API had not had before
 * @throws what the client throws, when the API fails
 */
export async function fillPeople(
  options: Pick<FillOptions, "baseUrl" | "token" | "seed" | "count" | "fetch" | "signal">,
): Promise<number> {
  const { baseUrl, token, seed = SHOWROOM.seed, count = SHOWROOM.count, signal } = options;
  const { people } = new Corkboard({ baseUrl, key: token, ...(options.fetch && { fetch: options.fetch }) });
  const last = SHOWROOM_PEOPLE.at(-1)!.id;
  if ((await people.interests(last, { limit: 1 }, { signal })).length > 0) return 0;
  const events = showroomEvents(generateProducts({ seed, count }), seed);
  let fresh = 0;
  for (let start = 0; start < events.length; start += MAX_EVENTS) {
    const { accepted } = await people.record(events.slice(start, start + MAX_EVENTS), { signal });
    fresh += accepted;
  }
  return fresh;
}
