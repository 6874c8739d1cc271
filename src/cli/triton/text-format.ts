/** Protocol buffers' text format, as far as configurations need it. */

/** A name of an enumeration, which stands without quotes. */
export class EnumName {
  constructor(readonly name: string) {}
}

export type Value = string | number | boolean | EnumName | Message;

/** Fields in their order; an array is a repeated field, `undefined` no field. */
export interface Message {
  readonly [field: string]: Value | readonly Value[] | undefined;
}

/** A message in text format, a field a line. https://protobuf.dev/reference/protobuf/textformat-spec/ */
export function textFormat(message: Message): string {
  return `${linesOf(message).join("\n")}\n`;
}

function linesOf(message: Message): string[] {
  return Object.entries(message).flatMap(([field, value]) => {
    if (value === undefined) return [];
    if (isRepeated(value)) {
      // Scalars fit a line: `dims: [ 224, 224, 3 ]`.
      if (value.length > 0 && value.every((one) => !isMessage(one))) {
        return [`${field}: [ ${value.map((one) => scalar(one as Scalar)).join(", ")} ]`];
      }
      return value.flatMap((one) => fieldLines(field, one));
    }
    return fieldLines(field, value);
  });
}

type Scalar = Exclude<Value, Message>;

function fieldLines(field: string, value: Value): string[] {
  if (!isMessage(value)) return [`${field}: ${scalar(value)}`];
  return [`${field} {`, ...linesOf(value).map((line) => `  ${line}`), "}"];
}

function scalar(value: Scalar): string {
  if (typeof value === "string") return quoted(value);
  return value instanceof EnumName ? value.name : String(value);
}

/** Bytes that are no printable ASCII go as octal escapes of UTF-8, which every parser reads. */
function quoted(text: string): string {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === "\\") return `\\${character}`;
    return byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${bytes.join("")}"`;
}

function isMessage(value: Value): value is Message {
  return typeof value === "object" && !(value instanceof EnumName);
}

function isRepeated(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}
