import { describe, expect, it } from "vitest";
import { eventsOf, generatePeople, type Person, type Slate, simulate } from "../../src/demo/people.ts";
import { generateProducts, type Product } from "../../src/demo/products.ts";
import { Event } from "../../src/people/event.ts";

const products = generateProducts({ seed: 1, count: 300 });
const people = generatePeople({ seed: 3, count: 150 });
const slates = simulate({ seed: 3, products, people });
const honest = slates.filter(({ person }) => !person.spammer);

/** Of all products that were shown and chosen: the share on which one of the acts was taken. */
function rate(
  of: readonly Slate[],
  acts: readonly string[],
  chosen: (product: Product, position: number, slate: Slate) => boolean = () => true,
): number {
  let [shown, acted] = [0, 0];
  for (const slate of of) {
    const taken = new Set(slate.acts.filter(({ act }) => acts.includes(act)).map(({ position }) => position));
    for (const [position, number] of slate.products.entries()) {
      if (!chosen(products[number]!, position, slate)) continue;
      shown++;
      if (taken.has(position)) acted++;
    }
  }
  expect(shown).toBeGreaterThan(0);
  return acted / shown;
}

const fits = ({ tastes }: Person, { style, category }: Product) =>
  tastes.some(({ styles, categories }) => styles.includes(style) && categories.includes(category));

describe("what simulated people do", () => {
  it("follows from the seed alone", () => {
    const few = people.slice(0, 12);
    const events = (seed: number) => [...eventsOf(simulate({ seed, products, people: few }), products)];
    expect(events(3)).toEqual(events(3));
    expect(events(4)).not.toEqual(events(3));
    expect(generatePeople({ seed: 3, count: 12 })).toEqual(few);
    expect(generatePeople({ seed: 4, count: 12 })).not.toEqual(few);
  });

  it("comes as events that the API takes, each once, in the order of time", () => {
    const some = slates.slice(0, 300);
    const events = [...eventsOf(some, products)];
    expect(events.length).toBe(some.reduce((sum, one) => sum + one.products.length + one.acts.length, 0));
    for (const event of events) expect(Event.parse(event)).toEqual(event);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const times = [...eventsOf(slates, products)].map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });

  it("is logged list by list in full, top first, and nothing is acted on that was not shown before", () => {
    const shown = new Map<string, string[]>();
    for (const { id, item, action, slate } of eventsOf(slates.slice(0, 2_500), products)) {
      const list = shown.get(slate!) ?? [];
      if (action === "impression") {
        expect(id).toBe(`${slate}.${list.length}`);
        shown.set(slate!, [...list, item]);
      } else {
        expect(list.includes(item), id).toBe(true);
      }
    }
    for (const list of shown.values()) {
      expect(list.length).toBeGreaterThanOrEqual(8);
      expect(list.length).toBeLessThanOrEqual(24);
      expect(new Set(list).size).toBe(list.length);
    }
  });

  it("is what people do: most is passed by, and the more an act costs, the rarer it is", () => {
    const [closeup, click, save, purchase] = ["closeup", "click", "save", "purchase"].map((act) =>
      rate(honest, [act]),
    ) as [number, number, number, number];
    expect(closeup).toBeGreaterThan(0.03);
    expect(closeup).toBeLessThan(0.15);
    expect([closeup, click, save, purchase].sort((a, b) => b - a)).toEqual([closeup, click, save, purchase]);
    expect(purchase).toBeGreaterThan(0.0005);
    expect(rate(honest, ["hide"])).toBeGreaterThan(0.001);
    const surfaces = new Set(slates.map(({ surface }) => surface));
    expect([...surfaces].sort()).toEqual(["board", "feed", "item", "search"]);
  });

  it("follows their tastes, all of them", () => {
    const liked = rate(honest, ["click", "save"], (product, _, { person }) => fits(person, product));
    const other = rate(honest, ["click", "save"], (product, _, { person }) => !fits(person, product));
    expect(liked).toBeGreaterThan(3 * other);
    for (const at of [0, 1]) {
      const one = rate(honest, ["click", "save"], (product, _, { person: { tastes } }) =>
        fits({ tastes: [tastes[at]!] } as unknown as Person, product),
      );
      expect(one).toBeGreaterThan(2 * other);
    }
  });

  it("drifts: a taste counts most in its season", () => {
    const inSeason = (wanted: boolean) =>
      rate(honest, ["click", "save"], (product, _, { person, at }) =>
        person.tastes.some(({ styles, categories, season }) => {
          if (!season || !styles.includes(product.style) || !categories.includes(product.category))
            return false;
          const away = Math.abs(at / 86_400_000 - season.day) / season.span;
          return wanted ? away < 1 : away > 2.5;
        }),
      );
    expect(inSeason(true)).toBeGreaterThan(1.4 * inSeason(false));
  });

  it("depends on the position and on the price", () => {
    const top = rate(honest, ["closeup"], (_, position) => position < 4);
    const bottom = rate(honest, ["closeup"], (_, position) => position >= 12);
    expect(top).toBeGreaterThan(1.3 * bottom);
    const middle = new Map(
      products.map(({ category }) => {
        const prices = products.filter((one) => one.category === category).map(({ price }) => price);
        return [category, prices.sort((a, b) => a - b)[prices.length >> 1]!];
      }),
    );
    const dear =
      (wanted: boolean) =>
      (product: Product, _: number, { person }: Slate) =>
        fits(person, product) && product.price > 2 * person.budget * middle.get(product.category)! === wanted;
    expect(rate(honest, ["closeup"], dear(false))).toBeGreaterThan(
      1.2 * rate(honest, ["closeup"], dear(true)),
    );
  });

  it("hides what people dislike", () => {
    const disliked = (wanted: boolean) =>
      rate(honest, ["hide"], ({ style }, _, { person }) => person.disliked.includes(style) === wanted);
    expect(disliked(true)).toBeGreaterThan(4 * disliked(false));
  });

  it("has spammers among it, who click on nearly everything", () => {
    const spammers = generatePeople({ seed: 3, count: 1_000 }).filter(({ spammer }) => spammer);
    expect(spammers.length).toBeGreaterThan(2);
    expect(spammers.length).toBeLessThan(30);
    expect(rate(simulate({ seed: 3, products, people: spammers.slice(0, 2) }), ["closeup"])).toBeGreaterThan(
      0.8,
    );
  });
});
