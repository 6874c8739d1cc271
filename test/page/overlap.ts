/** How much of what two boxes cover together both cover, 0 to 1. */
type Box = readonly [x0: number, y0: number, x1: number, y1: number];

export function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  const area = ([x0, y0, x1, y1]: Box) => (x1 - x0) * (y1 - y0);
  return both / (area(a) + area(b) - both);
}
