/** A stoneware mug, dipped in glaze. */
import { type Room, roundShading, scene } from "./scene.ts";

export interface Mug {
  readonly room: Room;
  /** Light, middle and dark of the glaze. */
  readonly glaze: readonly [string, string, string];
  readonly drink: string;
  readonly handle: "left" | "right";
  /** Size of the mug, 1 is about half the drawing. */
  readonly scale: number;
}

const BODY =
  "M112 128 C112 210 116 268 126 292 Q130 304 146 308 Q190 318 234 308 Q250 304 254 292 C264 268 268 210 268 128 Z";

export function mug({ room, glaze, drink, handle, scale }: Mug): string {
  const [light, base, dark] = glaze;
  const definitions = `${roundShading("glaze", light, base, dark)}
${roundShading("clay", "#e6d3b8", "#cbb08b", "#8d714f")}
<clipPath id="body"><path d="${BODY}"/></clipPath>
<linearGradient id="inside" x2="0" y2="1"><stop offset="0" stop-color="${dark}"/><stop offset="1" stop-color="${base}"/></linearGradient>`;
  const turn = handle === "left" ? "translate(400 0) scale(-1 1)" : "";
  const content = `<g transform="translate(200 312) scale(${scale}) translate(-196 -312)"><g transform="${turn}">
<path d="M258 164 C330 150 338 252 254 262" fill="none" stroke="${dark}" stroke-width="25" stroke-linecap="round"/>
<path d="M258 161 C326 150 332 246 254 258" fill="none" stroke="${base}" stroke-width="17" stroke-linecap="round"/>
<path d="M270 157 C306 156 318 186 306 214" fill="none" stroke="${light}" stroke-width="4" stroke-linecap="round" opacity=".7"/>
</g>
<path d="${BODY}" fill="url(#clay)"/>
<g clip-path="url(#body)">
<path d="M100 110 H280 V262 C262 274 250 262 232 268 C212 275 200 262 180 268 C160 274 150 264 134 270 C120 274 110 268 100 264 Z" fill="url(#glaze)"/>
<path d="M100 264 C110 268 120 274 134 270 C150 264 160 274 180 268 C200 262 212 275 232 268 C250 262 262 274 280 262" fill="none" stroke="${dark}" stroke-width="2.5" opacity=".55"/>
<path d="M142 140 C142 200 146 236 152 258" fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round" opacity=".38"/>
</g>
<ellipse cx="190" cy="128" rx="78" ry="20" fill="${light}"/>
<ellipse cx="190" cy="129" rx="71" ry="16" fill="url(#inside)"/>
<path d="M124 135 A71 16 0 0 0 256 135 Q190 122 124 135Z" fill="${drink}"/>
<path d="M150 138 Q172 131 196 132" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round" opacity=".45"/>
</g>`;
  return scene(room, { x: 222, y: 316, rx: 132 * scale, ry: 22 * scale }, definitions, content);
}
