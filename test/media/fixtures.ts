/** The pictures of ../fixtures/pictures.json: files, and the pixels that Pillow reads from them. */
import largeCases from "../fixtures/large-pictures.json";
import cases from "../fixtures/pictures.json";

export interface PictureFixture {
  readonly name: string;
  readonly file: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Levels that a channel may differ by: other decoders round differently. */
  readonly tolerance: number;
  readonly rgba: Uint8Array;
}

export const pictureFixtures: readonly PictureFixture[] = await Promise.all(
  cases.map(async ({ file, rgba, ...rest }) => ({
    ...rest,
    file: fromBase64(file),
    rgba: await inflate(fromBase64(rgba)),
  })),
);

/** Pictures of 2048×1280 pixels, as stored: four quadrants of plain colour. */
export interface LargePictureFixture {
  readonly name: string;
  readonly file: Uint8Array;
  /** RGB of the upright picture's quadrants: upper left, upper right, lower left, lower right. */
  readonly quadrants: readonly (readonly number[])[];
  /** Whether width and height are exchanged. */
  readonly turned: boolean;
}

export const largePictureFixtures: readonly LargePictureFixture[] = await Promise.all(
  largeCases.map(async ({ file, ...rest }) => ({ ...rest, file: await inflate(fromBase64(file)) })),
);

/** The file of the fixture with this name. */
export function pictureFile(name: string): Uint8Array {
  const fixture = pictureFixtures.find((candidate) => candidate.name === name);
  if (!fixture) throw new Error(`There is no fixture called ${name}.`);
  return fixture.file.slice();
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (digit) => digit.charCodeAt(0));
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
