/** What the view of looks computes, without a browser. */
import { describe, expect, it } from "vitest";
import {
  attentionField,
  attentionWords,
  coveredArea,
  type Grid,
  ninthsOf,
} from "../../functions/api/page/look/attention.ts";
import { choicesOf, paramsFor, paramsOfScene } from "../../functions/api/page/look/choices.ts";
import { nameOf, pointsOf, smallestAt } from "../../functions/api/page/look/hotspots.ts";
import { groupsOf } from "../../functions/api/page/look/models.ts";
import { withParams } from "../../functions/api/page/route.ts";

/** A grid of 7 × 7 whose weight lies in one region, or evenly. */
function grid(at?: readonly [row: number, column: number]): Grid {
  const weights = new Array<number>(49).fill(at ? 0 : 1 / 49);
  if (at) weights[at[0] * 7 + at[1]] = 1;
  return { rows: 7, columns: 7, weights };
}

describe("the field of an attention", () => {
  it("is strongest in the middle of the region that has the weight, and falls from there", () => {
    const field = attentionField(grid([2, 5]), 70, 70);
    const [x, y] = [55, 25];
    expect(field[y * 70 + x]!).toBeGreaterThan(0.99);
    for (const away of [8, 16, 24]) {
      expect(field[y * 70 + x - away]!).toBeLessThan(field[y * 70 + x - away + 8]!);
    }
    expect(field[0]).toBe(0);
  });

  it("is flat for an even attention, up to the edges", () => {
    for (const value of attentionField(grid(), 30, 20)) expect(value).toBeCloseTo(1, 5);
  });

  it("takes grids that are not square", () => {
    const field = attentionField({ rows: 1, columns: 2, weights: [1, 0] }, 8, 4);
    expect(field[0]!).toBe(1);
    expect(field[7]!).toBeLessThan(0.4);
  });

  it("is nothing where there is no attention", () => {
    const field = attentionField({ rows: 2, columns: 2, weights: [0, 0, 0, 0] }, 4, 4);
    expect([...field].every((value) => value === 0)).toBe(true);
  });
});

describe("an attention in words", () => {
  it.each([
    [[0, 0], "the upper left"],
    [[0, 3], "the top"],
    [[0, 6], "the upper right"],
    [[3, 0], "the left"],
    [[3, 3], "the middle"],
    [[3, 6], "the right"],
    [[6, 0], "the lower left"],
    [[6, 3], "the bottom"],
    [[6, 6], "the lower right"],
  ] as const)("of region %j says that it is %s", (at, place) => {
    expect(attentionWords(grid(at))).toBe(`looks most at ${place}`);
  });

  it("says so when it is even, and when it is hardly uneven", () => {
    expect(attentionWords(grid())).toBe("looks evenly at all of the picture");
    const weights = grid().weights.map((weight, index) => weight * 0.88 + (index === 0 ? 0.12 : 0));
    expect(attentionWords({ ...grid(), weights })).toBe("looks a little more at the upper left");
  });

  it("gives every ninth of the picture its part of what lies across its border", () => {
    const ninths = ninthsOf(grid());
    for (const share of ninths) expect(share).toBeCloseTo(1 / 9, 10);
    expect(ninthsOf(grid([2, 0])).filter((share) => share > 0)).toHaveLength(2);
  });
});

describe("the part of the picture that the regions cover", () => {
  it("is all of it when it was stretched, or has the model's own shape", () => {
    expect(coveredArea("stretch", 1.5, 1)).toEqual([0, 0, 1, 1]);
    expect(coveredArea("cover", 1, 1)).toEqual([0, 0, 1, 1]);
  });

  it("is the middle when the rest was cut off", () => {
    expect(coveredArea("cover", 2, 1)).toEqual([0.25, 0, 0.5, 1]);
    expect(coveredArea("cover", 0.5, 1)).toEqual([0, 0.25, 1, 0.5]);
  });

  it("goes beyond it where it was padded", () => {
    expect(coveredArea("contain", 2, 1)).toEqual([0, -0.5, 1, 2]);
    expect(coveredArea("contain", 0.5, 1)).toEqual([-0.5, 0, 2, 1]);
  });
});

describe("hotspots", () => {
  const spot = (category: string, ...box: [number, number, number, number]) => ({
    box,
    category,
    score: 0.5,
  });
  const spots = [
    spot("sofa", 0.1, 0.1, 0.9, 0.9),
    spot("chair", 0.2, 0.2, 0.4, 0.4),
    spot("chair", 0.6, 0, 1, 1),
  ];

  it("are chosen by a click anywhere in them, the smallest first", () => {
    expect(smallestAt(spots, 0.3, 0.3)).toBe(1);
    expect(smallestAt(spots, 0.5, 0.5)).toBe(0);
    expect(smallestAt(spots, 0.05, 0.05)).toBeUndefined();
  });

  it("have their points in the middle of their boxes, unless a more certain one is there", () => {
    const twins = [
      spot("coat", 0.2, 0.2, 0.6, 0.6),
      spot("top", 0.22, 0.18, 0.6, 0.62),
      spot("hat", 0.7, 0, 0.9, 0.1),
    ];
    const [coat, top, hat] = pointsOf(twins);
    expect([coat, hat]).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    expect(top).not.toEqual([0.5, 0.5]);
  });

  it("have numbers only where there are several of a category", () => {
    expect(spots.map((_, index) => nameOf(spots, index))).toEqual(["sofa", "chair 1", "chair 2"]);
  });
});

describe("choices in the address", () => {
  const read = (query: string) => choicesOf(new URLSearchParams(query));

  it("are sensible when there is nothing", () => {
    expect(read("")).toEqual({
      mode: "shop",
      gate: true,
      products: 8,
      categories: undefined,
      object: 0,
      category: undefined,
    });
  });

  it("come back as they went in, and leave no trace when they are as by default", () => {
    const changes = {
      mode: "complete",
      gate: false,
      products: 12,
      categories: ["chair", "lamp"],
      object: 3,
    } as const;
    const params = withParams(new URLSearchParams(), paramsFor(changes));
    expect(choicesOf(params)).toMatchObject(changes);
    const back = paramsFor({ mode: "shop", gate: true, products: 8, categories: undefined, object: 0 });
    expect(withParams(params, back).toString()).toBe("");
  });

  it("do not fall for nonsense", () => {
    expect(read("products=1e9&object=-4&categories=,,&as=x")).toEqual(read(""));
    expect(read("object=1.5").object).toBe(0);
  });

  it("keep the options but not the choice of a thing when another scene comes", () => {
    const params = new URLSearchParams("picture=1&object=3&gate=off&category=vase&open=chair-1");
    expect(paramsOfScene(params, { sample: "bedroom" }).toString()).toBe("gate=off&sample=bedroom");
  });
});

it("puts categories without a group into one of their own", () => {
  const detector = { detection: { categories: ["hat", "chair", "cat"], groups: { home: ["chair"] } } };
  expect(groupsOf(detector as unknown as Parameters<typeof groupsOf>[0])).toEqual([
    ["home", ["chair"]],
    ["", ["hat", "cat"]],
  ]);
});
