/** What simulated people do in the showroom, as events in the order of time. */
import type { Event } from "../people/event.ts";
import { Appeal } from "./people/appeal.ts";
import type { Person } from "./people/person.ts";
import { Shelves } from "./people/policy.ts";
import { type Similar, similarByWords } from "./people/similar.ts";
import { type Slate, visitsOf } from "./people/visits.ts";
import type { Product } from "./products.ts";

export { generatePeople, type PeopleOptions, type Person } from "./people/person.ts";
export { similarByVectors } from "./people/similar.ts";
export type { Slate } from "./people/visits.ts";

/** The first of the days that simulated people are watched. */
export const FIRST_DAY = Date.UTC(2026, 0, 5);

export interface SimulationOptions {
  /** Any whole number. */
  readonly seed: number;
  readonly products: readonly Product[];
  readonly people: readonly Person[];
  /** @default by category, style and colour */
  readonly similar?: Similar;
}

/** Lists that people saw and what they did, in the order of the lists' times. The same options give the same. */
export function simulate({ seed, products, people, similar }: SimulationOptions): Slate[] {
  const shelves = new Shelves(products, seed, similar ?? similarByWords(products));
  const appeal = new Appeal(products);
  const slates = people.flatMap((person) => visitsOf(person, shelves, appeal, seed));
  return slates.sort((a, b) => a.at - b.at || (a.person.id < b.person.id ? -1 : 1));
}

/** Lists whose events may overlap: after so many, those that lie behind are handed out. */
const WINDOW = 2_000;

/**
 * Events as the API takes them, in the order of time. A list's impressions come together, the top first; the last
 * part of an impression's id is its position.
 * @param slates in the order of time
 * @param firstDay milliseconds since 1970 of the first day
 */
export function* eventsOf(
  slates: readonly Slate[],
  products: readonly Product[],
  firstDay: number = FIRST_DAY,
): Generator<Event> {
  let waiting: { readonly at: number; readonly event: Event }[] = [];
  for (let start = 0; start < slates.length; start += WINDOW) {
    for (const slate of slates.slice(start, start + WINDOW))
      waiting.push(...timed(slate, products, firstDay));
    waiting.sort((a, b) => a.at - b.at);
    const next = slates[start + WINDOW];
    const until = next ? firstDay + next.at : Number.POSITIVE_INFINITY;
    const ready = waiting.findIndex(({ at }) => at >= until);
    const done = waiting.slice(0, ready < 0 ? waiting.length : ready);
    waiting = waiting.slice(done.length);
    for (const { event } of done) yield event;
  }
}

function* timed(
  { person, number, at, surface, products: shown, acts }: Slate,
  products: readonly Product[],
  firstDay: number,
) {
  const slate = `${person.id}.${number}`;
  const event = (position: number, action: Event["action"], time: number, id: string) => ({
    at: time,
    event: {
      ...{ id, user: person.id, item: products[shown[position]!]!.id, action },
      ...{ at: new Date(time).toISOString(), surface, slate },
    },
  });
  for (const position of shown.keys()) {
    yield event(position, "impression", firstDay + at, `${slate}.${position}`);
  }
  for (const { position, act, after } of acts) {
    yield event(position, act, firstDay + at + after, `${slate}.${position}.${act}`);
  }
}
