/** An SVG picture under construction: paints and filters are defined once, extents are measured while drawing. */
import type { Hex } from "./colour.ts";
import { apply, compose, type Extent, extentOf, IDENTITY, type Matrix, type Point } from "./geometry.ts";
import { type Outline, short } from "./outline.ts";

/** An attribute value such as `url(#p3)`. */
export type Paint = string;

export type Stop = readonly [offset: number, colour: Hex, opacity?: number];

export class Drawing {
  readonly #definitions = new Map<string, string>();
  readonly #parts: string[] = [];
  #matrix: Matrix = IDENTITY;
  #measured: Point[] | undefined;

  /** @param width, height pixels */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {}

  /** Puts SVG markup into the picture; it is not measured. */
  add(markup: string): void {
    this.#parts.push(markup);
  }

  /** Fills (or strokes) an outline and counts it into the measured extent. */
  path(outline: Outline, attributes: string): void {
    this.mark(outline.points);
    this.#parts.push(`<path d="${outline.d}" ${attributes}/>`);
  }

  fill(outline: Outline, paint: Paint, opacity = 1): void {
    this.path(outline, `fill="${paint}"${opacity < 1 ? ` opacity="${short(opacity)}"` : ""}`);
  }

  /** A line, which is not measured. */
  stroke(outline: Outline, paint: Paint, width: number, opacity = 1, more = ""): void {
    const attributes = `fill="none" stroke="${paint}" stroke-width="${short(width)}" stroke-linecap="round" stroke-linejoin="round"`;
    this.add(
      `<path d="${outline.d}" ${attributes}${opacity < 1 ? ` opacity="${short(opacity)}"` : ""} ${more}/>`,
    );
  }

  mark(points: readonly Point[]): void {
    if (this.#measured) for (const point of points) this.#measured.push(apply(this.#matrix, point));
  }

  /** Draws in another coordinate system. */
  within(matrix: Matrix, draw: () => void): void {
    const outer = this.#matrix;
    this.#matrix = compose(outer, matrix);
    this.group(
      `transform="matrix(${matrix.map((value) => String(Math.round(value * 1e4) / 1e4)).join(" ")})"`,
      draw,
    );
    this.#matrix = outer;
  }

  group(attributes: string, draw: () => void): void {
    this.#parts.push(`<g ${attributes}>`);
    draw();
    this.#parts.push("</g>");
  }

  /** Draws only inside the outlines, which count into the measured extent instead of what is drawn. */
  clipped(outlines: readonly Outline[], draw: () => void): void {
    for (const { points } of outlines) this.mark(points);
    const shapes = outlines.map(({ d }) => `<path d="${d}" clip-rule="evenodd"/>`).join("");
    const clip = this.define(`<clipPath>${shapes}</clipPath>`);
    this.unmeasured(() => this.group(`clip-path="${clip}"`, draw));
  }

  unmeasured(draw: () => void): void {
    const measured = this.#measured;
    this.#measured = undefined;
    draw();
    this.#measured = measured;
  }

  /** The extent, in pixels, of everything that `draw` paints, shadows excluded. */
  measure(draw: () => void): Extent {
    const outer = this.#measured;
    const points: Point[] = [];
    this.#measured = points;
    draw();
    this.#measured = outer;
    if (outer) for (const point of points) outer.push(point);
    return extentOf(points);
  }

  /** Keeps one copy of a definition and returns its reference. */
  define(markup: string): Paint {
    let id = this.#definitions.get(markup);
    if (!id) {
      id = `d${this.#definitions.size.toString(36)}`;
      this.#definitions.set(markup, id);
    }
    return `url(#${id})`;
  }

  /** A gradient between two points of the current coordinate system. */
  linear(from: Point, to: Point, stops: readonly Stop[]): Paint {
    const ends = `x1="${short(from[0])}" y1="${short(from[1])}" x2="${short(to[0])}" y2="${short(to[1])}"`;
    return this.define(
      `<linearGradient gradientUnits="userSpaceOnUse" ${ends}>${stopMarkup(stops)}</linearGradient>`,
    );
  }

  radial(centre: Point, radius: number, stops: readonly Stop[], squash = 1): Paint {
    const transform =
      squash === 1
        ? ""
        : ` gradientTransform="translate(0 ${short(centre[1] * (1 - squash))}) scale(1 ${short(squash)})"`;
    const circle = `cx="${short(centre[0])}" cy="${short(centre[1])}" r="${short(radius)}"`;
    return this.define(
      `<radialGradient gradientUnits="userSpaceOnUse" ${circle}${transform}>${stopMarkup(stops)}</radialGradient>`,
    );
  }

  /**
   * A shape whose edge fades over `reach` on its outside, without the cost of a blur filter: strokes of falling
   * width lie on each other so that their joint opacity rises evenly.
   *
   * @param d path data; a closed one is filled, too
   */
  soften(d: string, colour: Hex, opacity: number, reach: number, steps = 6): void {
    const fill = /Z\s*$/i.test(d) ? colour : "none";
    const line = `fill="${fill}" stroke="${colour}" stroke-linejoin="round" stroke-linecap="round"`;
    const shape = this.define(`<path d="${d}"/>`).slice(4, -1);
    this.add(`<g ${line}>`);
    for (let step = 0; step < steps; step++) {
      const each = opacity / steps / (1 - (opacity * step) / steps);
      const width = 2 * reach * (1 - step / steps);
      this.add(`<use href="${shape}" stroke-width="${short(width)}" opacity="${each.toFixed(3)}"/>`);
    }
    this.add("</g>");
  }

  /** A tile that repeats in the current coordinate system. */
  tile(width: number, height: number, content: string, angle = 0): Paint {
    const turned = angle ? ` patternTransform="rotate(${short(angle)})"` : "";
    const size = `width="${short(width)}" height="${short(height)}"`;
    return this.define(`<pattern patternUnits="userSpaceOnUse" ${size}${turned}>${content}</pattern>`);
  }

  toSvg(): string {
    const definitions = [...this.#definitions].map(([markup, id]) =>
      markup.replace(/^<\w+/, `$& id="${id}"`),
    );
    const size = `width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><defs>${definitions.join("")}</defs>${this.#parts.join("")}</svg>`;
  }
}

function stopMarkup(stops: readonly Stop[]): string {
  return stops
    .map(([offset, colour, opacity]) => {
      const through = opacity === undefined ? "" : ` stop-opacity="${short(opacity)}"`;
      return `<stop offset="${short(offset)}" stop-color="${colour}"${through}/>`;
    })
    .join("");
}
