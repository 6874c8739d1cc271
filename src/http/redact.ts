/** Text that goes into logs: without picture contents, without what URLs carry in their query or userinfo. */

/** A log line is for reading; stack traces and echoed input end here. */
const MAX_LENGTH = 1_000;

export function redact(text: string): string {
  return text
    .slice(0, MAX_LENGTH * 4)
    .replace(/data:[^\s"']*/gi, "data:…")
    .replace(/(https?:\/\/)[^\s/@"']*@/gi, "$1…@")
    .replace(/(https?:\/\/[^\s?#"']*)[?#][^\s"']*/gi, "$1?…")
    .slice(0, MAX_LENGTH);
}
