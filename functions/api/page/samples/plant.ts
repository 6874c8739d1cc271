/** A house plant in a pot. */
import { type Room, roundShading, scene } from "./scene.ts";

export interface Plant {
  readonly room: Room;
  /** Light, middle and dark of the pot. */
  readonly pot: readonly [string, string, string];
  readonly leaves: "broad" | "swords";
}

const GREENS = ["#2f6d46", "#3f8656", "#255a3c", "#57a06a", "#1f4d36"] as const;

/** Turn in degrees, length and width of each leaf, from the back to the front. */
const BROAD = [
  [-68, 108, 40],
  [66, 112, 42],
  [-40, 142, 46],
  [42, 138, 46],
  [-10, 160, 48],
  [22, 128, 44],
  [-84, 78, 32],
  [84, 82, 32],
  [-24, 104, 42],
] as const;

const SWORDS = [
  [-17, 150, 17],
  [15, 158, 17],
  [-5, 176, 18],
  [25, 116, 15],
  [-27, 110, 15],
  [6, 138, 17],
  [-12, 104, 15],
] as const;

export function plant({ room, pot, leaves }: Plant): string {
  const [light, base, dark] = pot;
  const definitions = `${roundShading("pot", light, base, dark)}
${GREENS.map((green, index) => `<linearGradient id="leaf${index}"><stop offset="0" stop-color="${green}"/><stop offset=".5" stop-color="${green}"/><stop offset=".5" stop-color="#0d2b1c"/><stop offset="1" stop-color="${green}"/></linearGradient>`).join("")}`;
  const blades = leaves === "broad" ? BROAD.map(broadLeaf) : SWORDS.map(swordLeaf);
  const content = `${blades.join("\n")}
<path d="M140 262 H260 L246 348 Q243 360 230 361 H170 Q157 360 154 348Z" fill="url(#pot)"/>
<path d="M140 262 H260 L257 280 Q200 290 143 280Z" fill="${dark}" opacity=".35"/>
<path d="M132 242 Q132 236 139 236 H261 Q268 236 268 242 V261 Q268 268 261 268 H139 Q132 268 132 261Z" fill="url(#pot)"/>
<path d="M146 246 V258" stroke="#fff" stroke-width="6" stroke-linecap="round" opacity=".35"/>`;
  return scene(room, { x: 218, y: 360, rx: 116, ry: 20 }, definitions, content);
}

function broadLeaf([turn, length, width]: readonly [number, number, number], index: number): string {
  const tip = -length;
  return `<g transform="translate(200 240) rotate(${turn})">
<path d="M0 6 V${-length * 0.35}" stroke="#3b6b45" stroke-width="4"/>
<path d="M0 ${-length * 0.25} C${-width} ${-length * 0.35} ${-width * 0.9} ${-length * 0.8} 0 ${tip} C${width * 0.9} ${-length * 0.8} ${width} ${-length * 0.35} 0 ${-length * 0.25}Z" fill="${GREENS[index % GREENS.length]}"/>
<path d="M0 ${-length * 0.25} C${width} ${-length * 0.35} ${width * 0.9} ${-length * 0.8} 0 ${tip}Z" fill="#0c2417" opacity=".2"/>
<path d="M0 ${-length * 0.28} V${tip + 8}" stroke="#bcd9b4" stroke-width="1.6" opacity=".7"/>
</g>`;
}

function swordLeaf([turn, length, width]: readonly [number, number, number], index: number): string {
  const outline = `M${-width * 0.55} 8 C${-width} ${-length * 0.4} ${-width * 0.8} ${-length * 0.75} 0 ${-length} C${width * 0.8} ${-length * 0.75} ${width} ${-length * 0.4} ${width * 0.55} 8Z`;
  return `<g transform="translate(${200 + turn * 1.1} 240) rotate(${turn * 0.6})">
<path d="${outline}" fill="${GREENS[(index + 1) % GREENS.length]}" stroke="#d9c76a" stroke-width="3.5"/>
<path d="M${-width * 0.2} 0 C${-width * 0.4} ${-length * 0.4} ${-width * 0.2} ${-length * 0.7} 0 ${-length * 0.9}" fill="none" stroke="#a9cf9f" stroke-width="3" opacity=".4"/>
</g>`;
}
