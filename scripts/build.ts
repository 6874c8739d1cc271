/** Builds everything that is served or run into `dist/`: models, the web page, the command line. */
import { buildCli } from "./build-cli.ts";
import { buildEngine } from "./build-engine.ts";
import { buildModels } from "./build-models.ts";
import { buildPlans } from "./build-plans.ts";
import { buildSite } from "./build-site.ts";
import { removeOlderThan } from "./prune.ts";

// Files are replaced one by one, so that a dev server that watches dist/ lives through a build.
const started = Date.now();
const manifests = await buildModels("models", "dist/models");
await Promise.all([buildEngine(), buildSite(manifests), buildCli()]);
await buildPlans(manifests, "models", "dist/site/models");
await removeOlderThan(started, "dist");
console.log(`built dist/ with ${manifests.map((manifest) => manifest.name).join(", ") || "no models"}`);
