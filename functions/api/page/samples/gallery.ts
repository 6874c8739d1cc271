/** The drawings that the page offers to visitors who have no picture at hand. */
import { chair } from "./chair.ts";
import { mug } from "./mug.ts";
import { plant } from "./plant.ts";
import type { Room } from "./scene.ts";

export interface Sample {
  readonly name: string;
  /** A whole SVG document. */
  readonly svg: string;
}

const KITCHEN: Room = { wall: "#f3e6cf", wallShade: "#d9c3a0", table: "#a9784d", tableShade: "#8a5f3a" };
const STUDIO: Room = { wall: "#e9ecec", wallShade: "#c3cbcd", table: "#d8d3cb", tableShade: "#b9b2a7" };
const PARLOUR: Room = { wall: "#cfdccb", wallShade: "#9fb39b", table: "#8b6a4b", tableShade: "#6f5238" };
const DUSK: Room = { wall: "#e7c9b6", wallShade: "#c0937c", table: "#6d5344", tableShade: "#574033" };

const OAK = ["#dcb27c", "#bd8a50", "#855a2e"] as const;
const WALNUT = ["#9a6a45", "#734a2d", "#472b19"] as const;

export const SAMPLES: readonly Sample[] = [
  {
    name: "blue-mug",
    svg: mug({
      room: KITCHEN,
      glaze: ["#7fb0cf", "#3d7ba4", "#234f70"],
      drink: "#4a2a17",
      handle: "right",
      scale: 1,
    }),
  },
  {
    name: "red-mug",
    svg: mug({
      room: STUDIO,
      glaze: ["#e0866a", "#b9482f", "#7c2a1b"],
      drink: "#8a5a2b",
      handle: "left",
      scale: 0.84,
    }),
  },
  {
    name: "oak-chair",
    svg: chair({ room: STUDIO, wood: OAK, cushion: ["#d98b4a", "#a85f28"], back: "slats" }),
  },
  {
    name: "walnut-chair",
    svg: chair({ room: PARLOUR, wood: WALNUT, cushion: ["#4f8f8b", "#2b5f60"], back: "panel" }),
  },
  {
    name: "broad-leaves",
    svg: plant({ room: DUSK, pot: ["#f4ece0", "#d8cab6", "#9d8d78"], leaves: "broad" }),
  },
  {
    name: "sword-leaves",
    svg: plant({ room: KITCHEN, pot: ["#d98f6c", "#b6623f", "#7d3d24"], leaves: "swords" }),
  },
];

/** Pixels a side of a drawing that is sent to an encoder. */
const PIXELS = 640;

/** The drawing as a PNG file. */
export async function renderSample(sample: Sample): Promise<File> {
  const url = sampleUrl(sample);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = PIXELS;
    canvas.height = PIXELS;
    canvas.getContext("2d")?.drawImage(image, 0, 0, PIXELS, PIXELS);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob === null) throw new Error("this browser cannot save a canvas");
    return new File([blob], `${sample.name}.png`, { type: "image/png" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A `blob:` address of the drawing; whoever asks frees it. */
export function sampleUrl({ svg }: Sample): string {
  return URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
}
