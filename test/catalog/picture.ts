/** Pictures for tests of the catalogue, which never decodes one. */

/** A PNG header of a 1×1 picture and a number, which is as much of a picture as the catalogue itself looks at. */
export function picture(number: number): Uint8Array {
  const bytes = new Uint8Array(57);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  bytes.set([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde], 16);
  bytes.set([0, 0, 0, 12, 0x49, 0x44, 0x41, 0x54], 33);
  new DataView(bytes.buffer).setUint32(41, number);
  return bytes;
}
