/** The places of the `k` highest scores, the highest first; of equal ones, the earlier. */
export function topOf(scores: ArrayLike<number>, k: number): Uint32Array {
  const most = Math.min(k, scores.length);
  const isWorse = (a: number, b: number) => scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
  // A heap with the worst of the best at its root.
  const heap: number[] = [];
  for (let place = 0; place < scores.length; place++) {
    if (heap.length < most) {
      heap.push(place);
      rise(heap, isWorse);
    } else if (most > 0 && isWorse(heap[0]!, place)) {
      heap[0] = place;
      sink(heap, isWorse);
    }
  }
  return Uint32Array.from(heap.sort((a, b) => (isWorse(a, b) ? 1 : -1)));
}

type Order = (a: number, b: number) => boolean;

function rise(heap: number[], isWorse: Order): void {
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!isWorse(heap[at]!, heap[parent]!)) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function sink(heap: number[], isWorse: Order): void {
  for (let at = 0; ; ) {
    let worst = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && isWorse(heap[child]!, heap[worst]!)) worst = child;
    }
    if (worst === at) return;
    swap(heap, at, worst);
    at = worst;
  }
}

function swap(heap: number[], a: number, b: number): void {
  const held = heap[a]!;
  heap[a] = heap[b]!;
  heap[b] = held;
}
