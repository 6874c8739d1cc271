/** The room that every drawing stands in: a wall, a table top, light from the upper left, a soft shadow. */

export interface Room {
  readonly wall: string;
  readonly wallShade: string;
  readonly table: string;
  readonly tableShade: string;
}

/** Side of a drawing in its own units. */
export const SIDE = 400;

/** Height at which wall and table meet. */
const HORIZON = 262;

/** A whole drawing as SVG text. @param shadow centre and half axes of the shadow on the table */
export function scene(
  room: Room,
  shadow: { readonly x: number; readonly y: number; readonly rx: number; readonly ry: number },
  definitions: string,
  content: string,
): string {
  const { x, y, rx, ry } = shadow;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" width="640" height="640">
<defs>
<radialGradient id="wall" cx=".3" cy=".2" r="1"><stop offset="0" stop-color="${room.wall}"/><stop offset="1" stop-color="${room.wallShade}"/></radialGradient>
<linearGradient id="table" x2="0" y2="1"><stop offset="0" stop-color="${room.tableShade}"/><stop offset=".2" stop-color="${room.table}"/><stop offset="1" stop-color="${room.table}"/></linearGradient>
<radialGradient id="shadow"><stop offset=".2" stop-color="#1a120c" stop-opacity=".5"/><stop offset=".7" stop-color="#1a120c" stop-opacity=".16"/><stop offset="1" stop-color="#1a120c" stop-opacity="0"/></radialGradient>
${definitions}
</defs>
<rect width="${SIDE}" height="${HORIZON}" fill="url(#wall)"/>
<rect y="${HORIZON}" width="${SIDE}" height="${SIDE - HORIZON}" fill="url(#table)"/>
<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="url(#shadow)"/>
${content}
</svg>`;
}

/** Shades a round body from light to dark, left to right. */
export function roundShading(id: string, light: string, base: string, dark: string): string {
  return `<linearGradient id="${id}"><stop offset="0" stop-color="${base}"/><stop offset=".26" stop-color="${light}"/><stop offset=".55" stop-color="${base}"/><stop offset="1" stop-color="${dark}"/></linearGradient>`;
}
