/** PNG's five row filters, undone in place (PNG specification, section 9). */
import { InvalidPictureError } from "../errors.ts";

/**
 * @param row filtered bytes, without the filter type
 * @param above the row before, already restored (zeros for the first of a pass)
 * @param step bytes of a whole pixel, at least 1
 */
export function unfilter(type: number, row: Uint8Array, above: Uint8Array, step: number): void {
  switch (type) {
    case 0:
      return;
    case 1:
      for (let i = step; i < row.length; i++) row[i] = row[i]! + row[i - step]!;
      return;
    case 2:
      for (let i = 0; i < row.length; i++) row[i] = row[i]! + above[i]!;
      return;
    case 3:
      for (let i = 0; i < step && i < row.length; i++) row[i] = row[i]! + (above[i]! >> 1);
      for (let i = step; i < row.length; i++) row[i] = row[i]! + ((row[i - step]! + above[i]!) >> 1);
      return;
    case 4:
      unfilterPaeth(row, above, step);
      return;
    default:
      throw new InvalidPictureError(`The PNG has a row with an unknown filter (${type}).`);
  }
}

function unfilterPaeth(row: Uint8Array, above: Uint8Array, step: number): void {
  for (let i = 0; i < step && i < row.length; i++) row[i] = row[i]! + above[i]!;
  for (let i = step; i < row.length; i++) {
    const left = row[i - step]!;
    const up = above[i]!;
    const corner = above[i - step]!;
    const distanceLeft = Math.abs(up - corner);
    const distanceUp = Math.abs(left - corner);
    const distanceCorner = Math.abs(left + up - corner - corner);
    const nearest =
      distanceLeft <= distanceUp && distanceLeft <= distanceCorner
        ? left
        : distanceUp <= distanceCorner
          ? up
          : corner;
    row[i] = row[i]! + nearest;
  }
}
