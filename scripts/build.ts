/** Builds everything that is served or run into `dist/`. */
import { buildCli } from "./build-cli.ts";
import { buildClient } from "./build-client.ts";
import { buildEngine } from "./build-engine.ts";
import { buildFunctions } from "./build-functions.ts";
import { buildKernels } from "./build-kernels.ts";
import { buildModels } from "./build-models.ts";
import { buildOrigin } from "./build-origin.ts";
import { buildPlans } from "./build-plans.ts";
import { buildSite } from "./build-site.ts";
import { removeOlderThan } from "./prune.ts";

// Files are replaced one by one, so that a dev server that watches dist/ lives through a build.
const started = Date.now();
const [manifests] = await Promise.all([buildModels("models", "dist/models"), buildKernels(), buildEngine()]);
await Promise.all([buildSite(manifests), buildCli(), buildClient(), buildOrigin()]);
await buildPlans(manifests, "models", "dist/site/models");
await buildFunctions(); // reads where the site and the kernels are
await removeOlderThan(started, "dist");
console.log(`built dist/ with ${manifests.map((manifest) => manifest.name).join(", ") || "no models"}`);
