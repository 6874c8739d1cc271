/** What things are made of, and how their surfaces look. */
import { type Hex, lightness, shade } from "./colour.ts";
import type { Drawing, Paint } from "./drawing.ts";
import { motif, type Print } from "./motif.ts";

export type MaterialKind =
  | "wood"
  | "metal"
  | "weave"
  | "boucle"
  | "velvet"
  | "leather"
  | "knit"
  | "denim"
  | "silk"
  | "ceramic"
  | "stone"
  | "glass"
  | "rattan"
  | "plastic"
  | "paper";

export interface Material {
  readonly kind: MaterialKind;
  readonly colour: Hex;
  /** A printed or woven pattern; plain without. */
  readonly print?: Print;
}

/** How much stronger light and shadow are on smooth surfaces. */
export function gloss({ kind }: Material): number {
  if (kind === "metal") return 1;
  if (kind === "ceramic" || kind === "glass" || kind === "plastic") return 0.7;
  if (kind === "silk" || kind === "leather" || kind === "velvet") return 0.45;
  return 0.12;
}

/** The layers that lie over a surface's colour: its print, then its texture. `pixel` is local units per pixel; `upright` turns wood's grain by a quarter. */
export function surfaceLayers(drawing: Drawing, material: Material, pixel: number, upright = false): Paint[] {
  const layers: Paint[] = [];
  if (material.print) layers.push(motif(drawing, material.print));
  const texture = TEXTURES[material.kind]?.(drawing, material.colour, pixel, upright);
  if (texture) layers.push(texture);
  return layers;
}

type Texture = (drawing: Drawing, colour: Hex, pixel: number, upright: boolean) => Paint;

const TEXTURES: Partial<Record<MaterialKind, Texture>> = {
  wood: (drawing, colour, pixel, upright) => {
    const [width, height] = [260 * pixel, 34 * pixel];
    const lines: string[] = [];
    for (let row = 0; row < 9; row++) {
      const y = ((row + 0.5 + 0.32 * Math.sin(row * 5.1)) / 9) * height;
      const sway = height * 0.045 * (1 + Math.sin(row * 2.3));
      const quarter = width / 4;
      const d = `M0 ${y.toFixed(2)}q${(quarter / 2).toFixed(2)} ${sway.toFixed(2)} ${quarter.toFixed(2)} 0t${quarter.toFixed(2)} 0t${quarter.toFixed(2)} 0t${quarter.toFixed(2)} 0`;
      const strength = 0.1 + 0.13 * Math.abs(Math.sin(row * 3.7));
      lines.push(
        `<path d="${d}" opacity="${strength.toFixed(2)}" stroke-width="${((0.7 + (row % 3) * 0.6) * pixel).toFixed(3)}"/>`,
      );
    }
    return drawing.tile(
      width,
      height,
      `<g fill="none" stroke="${shade(colour, 0.35)}">${lines.join("")}</g>`,
      upright ? 90 : 0,
    );
  },
  weave: (drawing, colour, pixel) => {
    const s = 5 * pixel;
    const [dark, light] = [shade(colour, 0.55), shade(colour, 1.5)];
    const h = s / 2;
    return drawing.tile(
      s,
      s,
      `<g opacity=".2"><rect width="${h}" height="${h}" fill="${dark}"/><rect x="${h}" y="${h}" width="${h}" height="${h}" fill="${dark}"/><rect x="${h}" width="${h}" height="${h * 0.5}" fill="${light}"/><rect y="${h}" width="${h}" height="${h * 0.5}" fill="${light}"/></g>`,
    );
  },
  boucle: (drawing, colour, pixel) => {
    const s = 17 * pixel;
    const loops: string[] = [];
    for (let index = 0; index < 16; index++) {
      const x = ((index * 7.3) % 17) * pixel;
      const y = ((index * 4.9 + (index % 3) * 2.1) % 17) * pixel;
      const r = (1.5 + (index % 3) * 0.6) * pixel;
      const colourOf = index % 2 ? shade(colour, 0.6) : shade(colour, 1.6);
      for (const [dx, dy] of wraps(x, y, r, s)) {
        loops.push(
          `<circle cx="${(x + dx).toFixed(2)}" cy="${(y + dy).toFixed(2)}" r="${r.toFixed(2)}" stroke="${colourOf}"/>`,
        );
      }
    }
    return drawing.tile(
      s,
      s,
      `<g fill="none" opacity=".3" stroke-width="${(1.1 * pixel).toFixed(3)}">${loops.join("")}</g>`,
    );
  },
  knit: (drawing, colour, pixel) => {
    const [w, h] = [8 * pixel, 7 * pixel];
    const stitch = `M0 ${h * 0.1}Q${w * 0.12} ${h * 0.9} ${w / 2} ${h}Q${w * 0.88} ${h * 0.9} ${w} ${h * 0.1}`;
    const light = `M0 ${h * 0.45}Q${w * 0.12} ${h * 1.2} ${w / 2} ${h * 1.3}M0 ${-h * 0.55}Q${w * 0.12} ${h * 0.2} ${w / 2} ${h * 0.3}Q${w * 0.88} ${h * 0.2} ${w} ${-h * 0.55}`;
    return drawing.tile(
      w,
      h,
      `<g fill="none" stroke-width="${1.5 * pixel}"><path d="${stitch}" stroke="${shade(colour, 0.5)}" opacity=".34"/><path d="${light}" stroke="${shade(colour, 1.5)}" opacity=".28"/></g>`,
    );
  },
  denim: (drawing, colour, pixel) => {
    const s = 4 * pixel;
    return drawing.tile(
      s,
      s,
      `<rect width="${s * 0.42}" height="${s}" fill="${shade(colour, 1.4)}" opacity=".22"/><rect y="${s * 0.5}" width="${s}" height="${s * 0.2}" fill="${shade(colour, 0.5)}" opacity=".14"/>`,
      35,
    );
  },
  leather: (drawing, colour, pixel) => {
    const s = 22 * pixel;
    const pores: string[] = [];
    for (let index = 0; index < 22; index++) {
      const [x, y] = [((index * 9.7) % 22) * pixel, ((index * 6.1 + 3) % 22) * pixel];
      pores.push(
        `<ellipse cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" rx="${(1.1 * pixel).toFixed(2)}" ry="${(0.6 * pixel).toFixed(2)}"/>`,
      );
    }
    return drawing.tile(s, s, `<g fill="${shade(colour, 0.5)}" opacity=".17">${pores.join("")}</g>`);
  },
  rattan: (drawing, colour, pixel) => {
    const s = 11 * pixel;
    const strips = `M0 0L${s} ${s}M${s} 0L0 ${s}M0 ${s / 2}H${s}M${s / 2} 0V${s}`;
    return drawing.tile(
      s,
      s,
      `<path d="${strips}" fill="none" stroke="${shade(colour, 0.5)}" stroke-width="${1.5 * pixel}" opacity=".5"/><circle cx="${s / 4}" cy="${s / 4}" r="${1.4 * pixel}" fill="${shade(colour, 0.35)}" opacity=".4"/>`,
    );
  },
  stone: (drawing, colour, pixel) => {
    const s = 150 * pixel;
    const vein = lightness(colour) > 0.6 ? shade(colour, 0.55) : shade(colour, 1.7);
    const wander = (y: number, bend: number) =>
      `M0 ${y * s}C${s * 0.2} ${(y + bend) * s} ${s * 0.35} ${(y - bend) * s} ${s * 0.5} ${(y + bend / 2) * s}S${s * 0.8} ${(y + bend) * s} ${s} ${y * s}`;
    return drawing.tile(
      s,
      s,
      `<g fill="none" stroke="${vein}"><path d="${wander(0.24, 0.16)}" opacity=".28" stroke-width="${2.2 * pixel}"/><path d="${wander(0.31, 0.12)}" opacity=".18" stroke-width="${pixel}"/><path d="${wander(0.72, -0.2)}" opacity=".2" stroke-width="${1.4 * pixel}"/></g>`,
      24,
    );
  },
};

/** Offsets at which something that crosses a tile's edge is drawn again. */
function wraps(x: number, y: number, reach: number, size: number): [number, number][] {
  const along = (at: number) => [0, ...(at < reach ? [size] : []), ...(at > size - reach ? [-size] : [])];
  return along(x).flatMap((dx) => along(y).map((dy): [number, number] => [dx, dy]));
}
