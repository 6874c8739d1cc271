/** Real histories of people: what they did in order, cut into what is known and what came later. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Random } from "../../src/demo/random.ts";

const DATA = process.env.CORKBOARD_DATA ?? "../shared/data";

/** Share of a person's actions that is known. */
const KNOWN = 0.8;
const MIN_ACTIONS = 20;

export interface Person {
  /** Item numbers, oldest first, and days since the first of all actions. */
  readonly known: readonly { readonly item: number; readonly day: number }[];
  /** Items acted on afterwards, none of them known. */
  readonly later: readonly number[];
}

export interface Histories {
  readonly name: string;
  readonly items: number;
  /** Candidates that a request may retrieve: the paper's 400 of billions, scaled down to the catalogue. */
  readonly candidates: number;
  /** What the days are. */
  readonly time: string;
  readonly people: readonly Person[];
}

interface Act {
  readonly user: string;
  readonly item: string;
  readonly day: number;
}

async function lines(path: string): Promise<string[]> {
  const text = gunzipSync(await readFile(join(DATA, "tables", path))).toString("utf8");
  return text.trimEnd().split("\n");
}

/** MovieLens 100k: liked films (4 stars and more) by the clock. */
export async function movieLens100k(): Promise<Histories> {
  const rows = (await lines("ml-100k/ratings.tsv.gz")).slice(1).map((line) => line.split("\t"));
  const acts = rows
    .filter(([, , rating]) => Number(rating) >= 4)
    .map(([user, item, , at]) => ({ user: user!, item: item!, day: Number(at) / 86_400 }))
    .sort((a, b) => a.day - b.day);
  return histories("MovieLens 100k, liked films", acts, 60, "days");
}

/** MovieLens 1M: films in the order of rating; the file has no times. */
export async function movieLens1M(): Promise<Histories> {
  const rows = (await lines("ml-1m/sequences.tsv.gz")).slice(1).map((line) => line.split("\t"));
  const acts = rows.flatMap(([user, train, valid, test]) =>
    [...train!.split(" "), valid!, test!].map((item, day) => ({ user: user!, item, day })),
  );
  return histories("MovieLens 1M", acts, 120, "actions, for want of times");
}

/** Amazon Beauty: products in the order of reviewing, of people with at least 20. */
export async function beauty(): Promise<Histories> {
  const rows = (await lines("amazon-beauty/sequences.txt.gz")).map((line) => line.split(" "));
  const acts = rows.flatMap(([user, ...items]) => items.map((item, day) => ({ user: user!, item, day })));
  return histories("Amazon Beauty", acts, 400, "actions, for want of times");
}

function histories(name: string, acts: readonly Act[], candidates: number, time: string): Histories {
  const numbers = new Map<string, number>();
  const byUser = new Map<string, { item: number; day: number }[]>();
  for (const { user, item, day } of acts) {
    const number = numbers.get(item) ?? numbers.size;
    numbers.set(item, number);
    const own = byUser.get(user) ?? [];
    own.push({ item: number, day });
    byUser.set(user, own);
  }
  const everybody = [...byUser.values()].map((own): Person => {
    const known = own.slice(0, Math.round(KNOWN * own.length));
    const seen = new Set(known.map(({ item }) => item));
    const later = own.slice(known.length).map(({ item }) => item);
    return { known, later: later.filter((item) => !seen.has(item)) };
  });
  return { name, items: numbers.size, candidates, time, people: new Random(11).shuffle(everybody) };
}

/** People whose history is long enough to tell methods apart. */
export function lively({ people }: Histories): Person[] {
  return people.filter(({ known, later }) => known.length + later.length >= MIN_ACTIONS && later.length > 0);
}
