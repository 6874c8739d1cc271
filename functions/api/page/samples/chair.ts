/** A wooden chair with a seat cushion, seen from the front and a little from above. */
import { type Room, scene } from "./scene.ts";

export interface Chair {
  readonly room: Room;
  /** Light, middle and dark of the wood. */
  readonly wood: readonly [string, string, string];
  /** Light and dark of the cushion. */
  readonly cushion: readonly [string, string];
  readonly back: "slats" | "panel";
}

export function chair({ room, wood, cushion, back }: Chair): string {
  const [light, base, dark] = wood;
  const [soft, deep] = cushion;
  const definitions = `<linearGradient id="wood"><stop offset="0" stop-color="${light}"/><stop offset=".55" stop-color="${base}"/><stop offset="1" stop-color="${dark}"/></linearGradient>
<linearGradient id="cushion" x2=".2" y2="1"><stop offset="0" stop-color="${soft}"/><stop offset="1" stop-color="${deep}"/></linearGradient>`;
  const content = `<path d="M150 216 l-6 116 h11 l7 -116z M248 216 l8 116 h11 l-4 -116z" fill="${dark}"/>
<path d="M134 52 Q132 44 142 43 h7 q8 0 9 9 l6 166 h-22z" fill="url(#wood)"/>
<path d="M266 52 Q268 44 258 43 h-7 q-8 0 -9 9 l-6 166 h22z" fill="url(#wood)"/>
${back === "slats" ? slats(base, dark) : panel(soft, deep, dark)}
<path d="M128 212 Q128 204 138 203 H262 Q272 204 273 212 L286 246 Q288 256 276 256 H124 Q112 256 114 246Z" fill="url(#wood)"/>
<path d="M114 246 Q112 256 124 256 H276 Q288 256 286 246 L286 255 Q286 267 274 267 H126 Q114 267 114 255Z" fill="${dark}"/>
<path d="M134 201 Q136 192 148 191 H252 Q264 192 266 201 L276 232 Q278 245 264 245 H136 Q122 245 124 232Z" fill="url(#cushion)"/>
<path d="M146 198 H252 Q258 199 260 205" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" opacity=".35"/>
<path d="M127 236 Q200 250 273 236" fill="none" stroke="${deep}" stroke-width="2.5" opacity=".8"/>
<path d="M121 264 h20 l-4 104 q-1 6 -7 6 t-7 -6z M279 264 h-20 l4 104 q1 6 7 6 t7 -6z" fill="url(#wood)"/>
<path d="M137 318 H263 v9 H137z" fill="${base}"/><path d="M137 325 H263 v3 H137z" fill="${dark}"/>`;
  return scene(room, { x: 208, y: 366, rx: 130, ry: 20 }, definitions, content);
}

function slats(base: string, dark: string): string {
  const rail = (y: number, height: number) =>
    `<path d="M154 ${y} Q200 ${y - 11} 246 ${y} v${height} Q200 ${y + height - 11} 154 ${y + height}z" fill="url(#wood)"/>
<path d="M154 ${y + height - 3} Q200 ${y + height - 14} 246 ${y + height - 3} v3 Q200 ${y + height - 11} 154 ${y + height}z" fill="${dark}"/>`;
  const bar = (x: number) => `<path d="M${x} 78 h9 l-1 92 h-7z" fill="${base}"/>`;
  return `${[169, 184, 199, 214, 228].map((x) => bar(x - 3)).join("")}${rail(58, 24)}${rail(164, 15)}`;
}

function panel(soft: string, deep: string, dark: string): string {
  return `<path d="M150 66 Q200 52 250 66 L246 168 Q200 158 154 168Z" fill="${dark}"/>
<path d="M158 72 Q200 61 242 72 L238 158 Q200 150 162 158Z" fill="${soft}"/>
<path d="M162 158 Q200 150 238 158 L239 140 Q200 134 161 140Z" fill="${deep}" opacity=".55"/>`;
}
