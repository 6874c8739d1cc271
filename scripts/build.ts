/** Builds everything that is served or run into `dist/`: models, the web page, the command line. */
import { rm } from "node:fs/promises";
import { buildCli } from "./build-cli.ts";
import { buildModels } from "./build-models.ts";
import { buildSite } from "./build-site.ts";

await rm("dist", { recursive: true, force: true });
const manifests = await buildModels("models", "dist/models");
await Promise.all([buildSite(manifests), buildCli()]);
console.log(`built dist/ with ${manifests.map((manifest) => manifest.name).join(", ") || "no models"}`);
