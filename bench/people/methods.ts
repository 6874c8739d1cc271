/** Ways to turn what somebody did into vectors to search by. */
import type { Random } from "../../src/demo/random.ts";
import { type Interest, interestsOf, medoidOf, sampleInterests } from "../../src/people/pinnersage.ts";
import { agglomerate, cut, squaredDistances } from "../../src/people/ward.ts";

/** What is known of a person, oldest first. */
export interface Known {
  readonly vectors: Float32Array;
  readonly dimensions: number;
  /** Days; the last is today. */
  readonly days: readonly number[];
}

/** Vectors to search by, one after the other. */
export type Method = (known: Known, random: Random) => Float32Array[];

const DAY_MS = 86_400_000;
const K = 5;
const ROUNDS = 15;

const row = ({ vectors, dimensions }: Known, index: number) =>
  vectors.subarray(index * dimensions, (index + 1) * dimensions);

export const lastItem: Method = (known) => [row(known, known.days.length - 1)];

export function decayedAverage(decay: number): Method {
  return (known) => {
    const today = known.days.at(-1)!;
    const all = known.days.map((_, index) => index);
    return [weightedMean(known, all, (index) => Math.exp(-decay * (today - known.days[index]!)))];
  };
}

/** Five clusters by k-means (Lloyd), medoids, three drawn by importance. */
export function kMeans(decay: number, samples: number): Method {
  return (known, random) => {
    const clusters = lloyd(known, random);
    return drawn(known, toInterests(known, clusters, decay), samples, random, medoid);
  };
}

/** The union is as far as the farther of its parts. */
const farthest = (toA: number, toB: number) => Math.max(toA, toB);

export function completeLinkage(height: number, decay: number, samples: number): Method {
  return (known, random) => {
    const count = known.days.length;
    const square = squaredDistances(known.vectors, count, known.dimensions);
    const clusters = cut(agglomerate(square, count, farthest), height);
    return drawn(known, toInterests(known, clusters, decay), samples, random, medoid);
  };
}

export function pinnerSage(
  height: number,
  decay: number,
  samples: number,
  shown: "medoid" | "centroid" = "medoid",
): Method {
  return (known, random) => {
    const actions = known.days.map((day) => ({ at: day * DAY_MS }));
    const now = known.days.at(-1)! * DAY_MS;
    const interests = interestsOf(known.vectors, known.dimensions, actions, { now, cut: height, decay });
    const of =
      shown === "medoid" ? medoid : (one: Known, { members }: Interest) => weightedMean(one, members);
    return drawn(known, interests, samples, random, of);
  };
}

const medoid = (known: Known, interest: Interest) => row(known, interest.medoid);

function drawn(
  known: Known,
  interests: readonly Interest[],
  samples: number,
  random: Random,
  of: (known: Known, interest: Interest) => Float32Array,
): Float32Array[] {
  return sampleInterests(interests, samples, () => random.next()).map((interest) => of(known, interest));
}

function toInterests(known: Known, clusters: readonly number[][], decay: number): Interest[] {
  const today = known.days.at(-1)!;
  return clusters.map((members) => ({
    members,
    medoid: medoidOf(known.vectors, known.dimensions, members),
    importance: members.reduce((sum, member) => sum + Math.exp(-decay * (today - known.days[member]!)), 0),
  }));
}

function weightedMean(known: Known, members: readonly number[], weight: (index: number) => number = () => 1) {
  const mean = new Float32Array(known.dimensions);
  for (const member of members) {
    const vector = row(known, member);
    for (let at = 0; at < mean.length; at++) mean[at]! += weight(member) * vector[at]!;
  }
  const length = Math.hypot(...mean) || 1;
  return mean.map((value) => value / length);
}

function lloyd(known: Known, random: Random): number[][] {
  const all = known.days.map((_, index) => index);
  let centres = random
    .shuffle(all)
    .slice(0, K)
    .map((index) => Float32Array.from(row(known, index)));
  let clusters: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    clusters = centres.map(() => []);
    for (const index of all) {
      const products = centres.map((centre) => dot(centre, row(known, index)));
      clusters[products.indexOf(Math.max(...products))]!.push(index);
    }
    clusters = clusters.filter((members) => members.length > 0);
    centres = clusters.map((members) => weightedMean(known, members));
  }
  return clusters;
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
