/** How the world is looked at and lit: a parallel projection from a little above, and one lamp or window. */
import { add, dot, type Frame, type Matrix, type Point, unit, type Vector } from "./geometry.ts";

export interface ViewOptions {
  /** Radians that the object is turned about its upright axis. */
  readonly yaw: number;
  /** Radians that the viewer looks down. */
  readonly pitch: number;
  /** Pixels per centimetre. */
  readonly scale: number;
  /** Where the world's origin is on the picture. */
  readonly origin: Point;
  /** Towards the light, as the viewer sees it: x right, y up, z towards the viewer. */
  readonly light: Vector;
}

export class View {
  readonly yaw: number;
  readonly pitch: number;
  readonly scale: number;
  readonly origin: Point;
  readonly light: Vector;

  constructor({ yaw, pitch, scale, origin, light }: ViewOptions) {
    this.yaw = yaw;
    this.pitch = pitch;
    this.scale = scale;
    this.origin = origin;
    this.light = unit(light);
  }

  /** Centimetres per pixel. */
  get pixel(): number {
    return 1 / this.scale;
  }

  with(changes: Partial<ViewOptions>): View {
    return new View({ ...this, ...changes });
  }

  project(point: Vector): Point {
    return this.#onScreen(this.#turned(point));
  }

  /** Larger is nearer. */
  depth(point: Vector): number {
    const [, y, z] = this.#turned(point);
    return y * Math.sin(this.pitch) + z * Math.cos(this.pitch);
  }

  faces(normal: Vector): boolean {
    return this.depth(normal) > 0.01;
  }

  /** How bright a matt surface is: 1 where its own colour shows. */
  brightness(normal: Vector): number {
    const lit = Math.max(0, dot(this.#turned(normal), this.light));
    const sky = 0.5 + 0.5 * normal[1];
    return 0.56 + 0.16 * sky + 0.42 * lit;
  }

  /** Where the shadow of a point falls on the floor. */
  shadow(point: Vector, softness = 1): Point {
    const [x, y, z] = this.#turned(point);
    const slope = (y / Math.max(0.35, this.light[1])) * softness;
    return this.#onScreen([x - this.light[0] * slope, 0, z - this.light[2] * slope * 0.6]);
  }

  /** The map from a plane's own coordinates (centimetres) to the picture. */
  plane({ origin, u, v }: Frame): Matrix {
    const [e, f] = this.project(origin);
    const [ux, uy] = this.project(add(origin, u));
    const [vx, vy] = this.project(add(origin, v));
    return [ux - e, uy - f, vx - e, vy - f, e, f];
  }

  #turned([x, y, z]: Vector): Vector {
    const [cos, sin] = [Math.cos(this.yaw), Math.sin(this.yaw)];
    return [x * cos + z * sin, y, z * cos - x * sin];
  }

  #onScreen([x, y, z]: Vector): Point {
    const up = y * Math.cos(this.pitch) - z * Math.sin(this.pitch);
    return [this.origin[0] + x * this.scale, this.origin[1] - up * this.scale];
  }
}
