/** Reading the words of an instruction. */

/** @param index A member of the instruction's enum in `program/fields.ts`. */
// @ts-ignore: decorator
@inline
export function word(instruction: usize, index: i32): i32 {
  return load<i32>(instruction + ((<usize>index) << 2));
}

// @ts-ignore: decorator
@inline
export function pointer(instruction: usize, index: i32): usize {
  return load<u32>(instruction + ((<usize>index) << 2));
}

// @ts-ignore: decorator
@inline
export function real(instruction: usize, index: i32): f32 {
  return load<f32>(instruction + ((<usize>index) << 2));
}
