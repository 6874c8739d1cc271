/** Where this installation lies. The file is as deep in the sources as its bundle is in `dist/`. */
import { fileURLToPath } from "node:url";

/** Folder of `package.json`, with a slash at the end. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
