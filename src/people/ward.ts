/**
 * Hierarchical clustering after Ward: merges the pair of clusters whose union adds least to the sum of squared
 * distances to the centroids. By the nearest-neighbour chain (Murtagh 1983) and the update of Lance and Williams
 * (1967): O(n²·d) for the distances, O(n²) for the merges.
 */

/** Merges in the order of their heights, as SciPy's `linkage(method="ward")` gives them. */
export interface Linkage {
  /** Number of vectors; there are `count − 1` merges. */
  readonly count: number;
  /** The two clusters that merge k joins: below `count` a vector, else merge number + `count`. `left < right`. */
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** Distance of the two at their merge: √(2·|A|·|B| / (|A|+|B|)) · ‖centroid A − centroid B‖. */
  readonly height: Float64Array;
  /** Vectors in the union. */
  readonly size: Uint32Array;
}

/**
 * @param vectors `count`×`dimensions`, row by row
 * @throws RangeError when the length does not fit, or a component is not finite
 */
export function wardLinkage(vectors: Float32Array, dimensions: number): Linkage {
  const count = vectors.length / dimensions;
  if (!Number.isInteger(count))
    throw new RangeError(`${vectors.length} numbers are no rows of ${dimensions}`);
  return agglomerate(squaredDistances(vectors, count, dimensions), count, ward);
}

/**
 * The squared distance of a cluster to the union of two, from its distances to both, theirs to each other, and the
 * sizes of the two and of the cluster (Lance and Williams). It must be reducible: a union is no nearer to a third
 * than the nearer of its parts.
 */
export type Update = (
  toA: number,
  toB: number,
  between: number,
  sizeA: number,
  sizeB: number,
  size: number,
) => number;

const ward: Update = (toA, toB, between, sizeA, sizeB, size) =>
  ((sizeA + size) * toA + (sizeB + size) * toB - size * between) / (sizeA + sizeB + size);

/** The same for another measure. @param square squared distances, `count`×`count`; it is written over */
export function agglomerate(square: Float64Array, count: number, update: Update): Linkage {
  return labelled(chain(square, count, update), count);
}

/** Vectors whose products with one row are taken together: each number loaded is used that often. */
const TILE = 4;

/**
 * Squared Euclidean distances, a full square: a row is what the chain reads. ‖a−b‖² = ‖a‖² + ‖b‖² − 2ab, in double
 * precision: for vectors about as long as 1 that is right to 1e-15.
 */
export function squaredDistances(vectors: Float32Array, count: number, dimensions: number): Float64Array {
  // Doubles, so that no product converts its factors; rows of zeros fill the last tile.
  const rows = Math.ceil(count / TILE) * TILE;
  const doubles = new Float64Array(rows * dimensions);
  doubles.set(vectors);
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i += 2) {
    for (let j = i - (i % TILE); j < rows; j += TILE) tile(doubles, dimensions, i, j, products, rows);
  }
  const square = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const own = products[i * rows + i]!;
    if (!Number.isFinite(own)) throw new RangeError("a component is not finite");
    for (let j = i + 1; j < count; j++) {
      const sum = own + products[j * rows + j]! - 2 * products[i * rows + j]!;
      square[i * count + j] = Math.max(0, sum);
      square[j * count + i] = square[i * count + j]!;
    }
  }
  return square;
}

/** Inner products of rows i and i + 1 with rows j … j + 3. */
function tile(
  rows: Float64Array,
  dimensions: number,
  i: number,
  j: number,
  products: Float64Array,
  width: number,
): void {
  const a = i * dimensions;
  const b = a + dimensions;
  const c = j * dimensions;
  const d = c + dimensions;
  const e = d + dimensions;
  const f = e + dimensions;
  let [ac, ad, ae, af, bc, bd, be, bf] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < dimensions; at++) {
    const x = rows[a + at]!;
    const y = rows[b + at]!;
    const p = rows[c + at]!;
    const q = rows[d + at]!;
    const r = rows[e + at]!;
    const s = rows[f + at]!;
    ac += x * p;
    ad += x * q;
    ae += x * r;
    af += x * s;
    bc += y * p;
    bd += y * q;
    be += y * r;
    bf += y * s;
  }
  products.set([ac, ad, ae, af], i * width + j);
  products.set([bc, bd, be, bf], (i + 1) * width + j);
}

/** Two vectors of the clusters that were joined, and how far apart those were. */
interface Merge {
  readonly a: number;
  readonly b: number;
  readonly height: number;
}

/**
 * Follows nearest neighbours until two are each other's; joins them. A cluster stands in the row of one of its
 * vectors. Ward's distance is reducible, so what is left of the chain stays one.
 */
function chain(square: Float64Array, count: number, update: Update): Merge[] {
  const sizes = new Uint32Array(count).fill(1);
  const alive = Uint32Array.from({ length: count }, (_, index) => index);
  const merges: Merge[] = [];
  const stack = new Uint32Array(count);
  let [depth, left] = [0, count];
  while (left > 1) {
    if (depth === 0) stack[depth++] = alive[0]!;
    const a = stack[depth - 1]!;
    const before = depth > 1 ? stack[depth - 2]! : -1;
    // The one before wins ties, or the chain might go in circles.
    let b = before;
    let least = before < 0 ? Number.POSITIVE_INFINITY : square[a * count + before]!;
    for (let at = 0; at < left; at++) {
      const other = alive[at]!;
      const distance = square[a * count + other]!;
      if (distance < least && other !== a) {
        least = distance;
        b = other;
      }
    }
    if (b !== before) {
      stack[depth++] = b;
      continue;
    }
    depth -= 2;
    merges.push({ a, b, height: Math.sqrt(least) });
    left = join(a, b, least, { square, sizes, alive, count, left }, update);
  }
  return merges;
}

interface Clusters {
  readonly square: Float64Array;
  readonly sizes: Uint32Array;
  /** Rows that stand for clusters, the first `left` of them. */
  readonly alive: Uint32Array;
  readonly count: number;
  readonly left: number;
}

/** The union takes b's row, a's is gone. @returns how many clusters are left */
function join(
  a: number,
  b: number,
  between: number,
  { square, sizes, alive, count, left }: Clusters,
  update: Update,
): number {
  const [sizeA, sizeB] = [sizes[a]!, sizes[b]!];
  let kept = 0;
  for (let at = 0; at < left; at++) {
    const other = alive[at]!;
    if (other === a) continue;
    alive[kept++] = other;
    if (other === b) continue;
    const distance = update(
      square[a * count + other]!,
      square[b * count + other]!,
      between,
      sizeA,
      sizeB,
      sizes[other]!,
    );
    square[b * count + other] = distance;
    square[other * count + b] = distance;
  }
  sizes[b] = sizeA + sizeB;
  return kept;
}

/** The chain finds merges in an order of its own: they are sorted and named by what they join. */
function labelled(merges: readonly Merge[], count: number): Linkage {
  const total = merges.length;
  const linkage = {
    count,
    left: new Uint32Array(total),
    right: new Uint32Array(total),
    height: new Float64Array(total),
    size: new Uint32Array(total),
  };
  const parent = Uint32Array.from({ length: 2 * count - 1 }, (_, index) => index);
  const root = (of: number) => {
    let at = of;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  const sizeOf = (cluster: number) => (cluster < count ? 1 : linkage.size[cluster - count]!);
  for (const [index, { a, b, height }] of [...merges].sort((x, y) => x.height - y.height).entries()) {
    const [one, other] = [root(a), root(b)];
    linkage.left[index] = Math.min(one, other);
    linkage.right[index] = Math.max(one, other);
    linkage.height[index] = height;
    linkage.size[index] = sizeOf(one) + sizeOf(other);
    parent[one] = count + index;
    parent[other] = count + index;
  }
  return linkage;
}

/** Clusters whose merges are all at most `height` high: indices of their vectors, each in ascending order. */
export function cut({ count, left, right, height }: Linkage, most: number): number[][] {
  const members: (number[] | undefined)[] = Array.from({ length: count }, (_, index) => [index]);
  for (let merge = 0; merge < height.length && height[merge]! <= most; merge++) {
    members[count + merge] = [...members[left[merge]!]!, ...members[right[merge]!]!];
    members[left[merge]!] = undefined;
    members[right[merge]!] = undefined;
  }
  const clusters = members.filter((cluster) => cluster !== undefined);
  for (const cluster of clusters) cluster.sort((a, b) => a - b);
  return clusters.sort(([a], [b]) => a! - b!);
}
