/**
 * Vectors of items from who acted on them together: positive pointwise mutual information of items that lie near one
 * another in a history, and its leading eigenvectors (Levy and Goldberg, NeurIPS 2014), by subspace iteration.
 */
import { Random } from "../../src/demo/random.ts";
import type { Histories } from "./histories.ts";

export const DIMENSIONS = 64;

/** Actions before and after one that count as near. */
const WINDOW = 10;
const ITERATIONS = 12;

/** @returns items×DIMENSIONS, unit length; items that nobody acted on are zero. Only what is known is looked at. */
export function itemVectors({ items, people }: Histories): Float32Array {
  const matrix = information(items, people);
  let basis = orthonormal(gaussian(items), items);
  for (let round = 0; round < ITERATIONS; round++) basis = orthonormal(multiply(matrix, basis, items), items);
  const scaled = multiply(matrix, basis, items);
  const vectors = new Float32Array(items * DIMENSIONS);
  const eigenvalues = Array.from({ length: DIMENSIONS }, (_, column) => norm(scaled, column, items));
  for (let item = 0; item < items; item++) {
    const row = item * DIMENSIONS;
    let squares = 0;
    for (let at = 0; at < DIMENSIONS; at++) {
      // U·√Λ: neither the frequent nor the rare directions take over.
      vectors[row + at] = basis[row + at]! * Math.sqrt(eigenvalues[at]!);
      squares += vectors[row + at]! ** 2;
    }
    for (let at = 0; at < DIMENSIONS && squares > 0; at++) vectors[row + at]! /= Math.sqrt(squares);
  }
  return vectors;
}

type Sparse = readonly ReadonlyMap<number, number>[];

function information(items: number, people: Histories["people"]): Sparse {
  const counts = Array.from({ length: items }, () => new Map<number, number>());
  for (const { known } of people) {
    for (const [place, { item }] of known.entries()) {
      for (const { item: other } of known.slice(place + 1, place + 1 + WINDOW)) {
        if (other === item) continue;
        counts[item]!.set(other, (counts[item]!.get(other) ?? 0) + 1);
        counts[other]!.set(item, (counts[other]!.get(item) ?? 0) + 1);
      }
    }
  }
  const totals = counts.map((row) => [...row.values()].reduce((sum, count) => sum + count, 0));
  const total = totals.reduce((sum, count) => sum + count, 0);
  return counts.map((row, item) => {
    const positive = [...row].map(([other, count]): [number, number] => [
      other,
      Math.log((count * total) / (totals[item]! * totals[other]!)),
    ]);
    return new Map(positive.filter(([, value]) => value > 0));
  });
}

function gaussian(items: number): Float64Array {
  const random = new Random(5);
  return Float64Array.from({ length: items * DIMENSIONS }, () => random.next() + random.next() - 1);
}

function multiply(matrix: Sparse, basis: Float64Array, items: number): Float64Array {
  const product = new Float64Array(items * DIMENSIONS);
  for (const [item, row] of matrix.entries()) {
    for (const [other, value] of row) {
      for (let at = 0; at < DIMENSIONS; at++) {
        product[item * DIMENSIONS + at]! += value * basis[other * DIMENSIONS + at]!;
      }
    }
  }
  return product;
}

function norm(columns: Float64Array, column: number, items: number): number {
  let squares = 0;
  for (let item = 0; item < items; item++) squares += columns[item * DIMENSIONS + column]! ** 2;
  return Math.sqrt(squares);
}

/** Gram and Schmidt, column after column, in place. */
function orthonormal(columns: Float64Array, items: number): Float64Array {
  for (let column = 0; column < DIMENSIONS; column++) {
    for (let before = 0; before < column; before++) {
      let product = 0;
      for (let row = 0; row < columns.length; row += DIMENSIONS)
        product += columns[row + column]! * columns[row + before]!;
      for (let row = 0; row < columns.length; row += DIMENSIONS)
        columns[row + column]! -= product * columns[row + before]!;
    }
    const length = norm(columns, column, items);
    for (let row = 0; row < columns.length; row += DIMENSIONS) columns[row + column]! /= length;
  }
  return columns;
}
