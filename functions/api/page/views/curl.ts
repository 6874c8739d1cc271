/** The same thing from a terminal. */

/** The command that sends a file to the API. */
export function curlCommand(origin: string, name: string, model: string | undefined): string {
  const file = /^[\w.@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
  const chosen = model === undefined ? "" : ` -F model=${model}`;
  return `curl -F image=@${file}${chosen} ${origin}/v1/embeddings`;
}
