/** One flat piece of a surface: colour under the light, print, texture and a soft fall of light. */
import { shade } from "../colour.ts";
import type { Drawing } from "../drawing.ts";
import { extentOf } from "../geometry.ts";
import { gloss, type Material, surfaceLayers } from "../material.ts";
import type { Outline } from "../outline.ts";

/**
 * Fills an outline in the current coordinate system.
 *
 * @param light brightness, as {@link View.brightness} gives it
 * @param pixel local units per pixel
 * @param fall how much darker the lower edge is than the upper one
 */
export function paintFace(
  drawing: Drawing,
  outline: Outline,
  material: Material,
  light: number,
  pixel: number,
  fall = 0.14,
): void {
  const rule = 'fill-rule="evenodd"';
  drawing.path(outline, `fill="${shade(material.colour, light)}" ${rule}`);
  for (const layer of surfaceLayers(drawing, material, pixel)) {
    drawing.add(`<path d="${outline.d}" fill="${layer}" ${rule}/>`);
  }
  if (material.print && light < 0.97) {
    drawing.add(
      `<path d="${outline.d}" fill="#20202c" opacity="${((1 - light) * 0.6).toFixed(2)}" ${rule}/>`,
    );
  }
  const { x0, y0, x1, y1 } = extentOf(outline.points);
  const shine = gloss(material);
  const slope = (x1 - x0) * (shine > 0.3 ? 0.6 : 0.15);
  const paint = drawing.linear(
    [x0, y0],
    [x0 + slope, y1],
    [
      [0, "#ffffff", 0.1 + shine * 0.22],
      [0.4, "#ffffff", 0],
      [0.55, "#1a1a2a", 0],
      [1, "#1a1a2a", fall + shine * 0.1],
    ],
  );
  drawing.add(`<path d="${outline.d}" fill="${paint}" ${rule}/>`);
}
