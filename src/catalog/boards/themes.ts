/** What a board is about: one to three groups of its items, by spherical k-means. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import { dot } from "../vector-index.ts";

export interface Theme {
  /** Direction of the mean of its members, unit length. */
  readonly centre: Embedding;
  /** Places of its members among the vectors, in order. */
  readonly members: readonly number[];
  /** Place of the member nearest to the centre. */
  readonly medoid: number;
}

/** More would be told apart on few boards, and each takes a search. */
export const MAX_THEMES = 3;

/** Boards of so few items have each as a theme of its own. */
const FEW = MAX_THEMES;

/** Mean silhouette from which groups are groups: of photographs of one category it is below 0.15, of two above 0.3. */
export const MIN_SILHOUETTE = 0.2;

/** Groups settle within ten rounds. */
const ROUNDS = 20;

/** Themes, the largest first. The same vectors give the same themes. @param vectors unit length, all of one length */
export function themesOf(vectors: readonly Embedding[]): Theme[] {
  if (vectors.length <= FEW) return vectors.map((_, at) => themeOf(vectors, [at]));
  let groups = [vectors.map((_, at) => at)];
  let best = MIN_SILHOUETTE;
  for (let count = 2; count <= MAX_THEMES; count++) {
    const tried = kMeans(vectors, count);
    const quality = silhouette(vectors, tried);
    if (tried.length < count || quality <= best) continue;
    groups = tried;
    best = quality;
  }
  return groups
    .map((members) => themeOf(vectors, members))
    .sort((a, b) => b.members.length - a.members.length);
}

function themeOf(vectors: readonly Embedding[], members: readonly number[]): Theme {
  const centre = centreOf(vectors, members);
  const medoid = members.reduce((best, at) =>
    dot(vectors[at]!, centre) > dot(vectors[best]!, centre) ? at : best,
  );
  return { centre, members, medoid };
}

/** Groups of places; fewer than asked for where some end up empty. */
function kMeans(vectors: readonly Embedding[], count: number): number[][] {
  let centres = farApart(vectors, count);
  let groups: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const next: number[][] = centres.map(() => []);
    for (const [at, vector] of vectors.entries()) next[nearest(vector, centres)]!.push(at);
    const filled = next.filter((members) => members.length > 0);
    if (JSON.stringify(filled) === JSON.stringify(groups)) break;
    groups = filled;
    centres = groups.map((members) => centreOf(vectors, members));
  }
  return groups;
}

/** The vector nearest to the mean of all, then always the one that is farthest from those that were chosen. */
function farApart(vectors: readonly Embedding[], count: number): Embedding[] {
  const mean = centreOf(vectors, [...vectors.keys()]);
  const chosen = [vectors[nearest(mean, vectors)]!];
  while (chosen.length < count) {
    const closeness = vectors.map((vector) => Math.max(...chosen.map((one) => dot(vector, one))));
    chosen.push(vectors[closeness.indexOf(Math.min(...closeness))]!);
  }
  return chosen;
}

function nearest(vector: Embedding, others: readonly Embedding[]): number {
  const cosines = others.map((other) => dot(vector, other));
  return cosines.indexOf(Math.max(...cosines));
}

function centreOf(vectors: readonly Embedding[], members: readonly number[]): Embedding {
  const sum = new Float32Array(vectors[members[0]!]!.length);
  for (const at of members) for (let i = 0; i < sum.length; i++) sum[i]! += vectors[at]![i]!;
  const length = Math.hypot(...sum);
  // Vectors that cancel each other have no direction; any of them will do.
  return length < 1e-6 ? vectors[members[0]!]! : sum.map((value) => value / length);
}

/** Mean over all vectors of (b − a) ÷ max(a, b): a being the mean distance within the group, b to the nearest other. */
function silhouette(vectors: readonly Embedding[], groups: readonly (readonly number[])[]): number {
  let sum = 0;
  for (const own of groups) {
    for (const at of own) {
      if (own.length === 1) continue;
      const meanTo = (group: readonly number[]) =>
        group.reduce((total, other) => total + 1 - dot(vectors[at]!, vectors[other]!), 0);
      const within = meanTo(own) / (own.length - 1);
      const between = Math.min(
        ...groups.filter((group) => group !== own).map((group) => meanTo(group) / group.length),
      );
      sum += (between - within) / Math.max(between, within, Number.MIN_VALUE);
    }
  }
  return sum / vectors.length;
}
