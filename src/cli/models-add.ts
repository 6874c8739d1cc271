/** `corkboard models add`: checks a model and its manifest, and puts them into the models folder. */
import { randomBytes } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { Problem } from "../problem.ts";
import { assertModelFile } from "../runtime/integrity.ts";
import { type AnyManifest, filesOf, isHosted, type ModelFile, type Precision } from "../runtime/manifest.ts";
import type { Runtime } from "../runtime/session.ts";
import { wasmRuntime } from "../runtime/wasm-runtime.ts";
import { checkInference, checkManifest } from "./model-check.ts";
import { InvalidManifestError, MODELS_FOLDER } from "./model-folder.ts";
import { MAX_MODEL_FILE_BYTES, type ModelSource, modelSource } from "./model-source.ts";

export interface AddModelOptions {
  /** @default the models folder of this package */
  readonly folder?: string;
  /** Replace another revision of the model. */
  readonly force?: boolean;
  /** Check only, write nothing. */
  readonly dryRun?: boolean;
  /** Told what is going on, a line at a time. */
  readonly report?: (line: string) => void;
  /** Runs the model. @default onnxruntime-web, as edge functions do */
  readonly runtime?: Runtime;
}

export interface AddedModel {
  readonly manifest: AnyManifest;
  /** Where the model is, or would be. */
  readonly folder: string;
  /** Cosine of each file's embedding of a test picture to that of the most precise file. */
  readonly agreement: Readonly<Partial<Record<Precision, number>>>;
  readonly written: boolean;
}

/** Another revision of the model is there already. */
export class ModelExistsError extends Problem {
  constructor(name: string, revision: string) {
    super({
      status: 409,
      code: "model-exists",
      title: "Model exists",
      detail: `There is a model ${name} of revision ${revision} already.`,
      hint:
        `\`corkboard models keep ${name}\` has it answer until every item is embedded anew; ` +
        "then use --force to replace it.",
    });
  }
}

/** Most precise first. */
const PRECISIONS: readonly Precision[] = ["fp32", "fp16", "int8"];

const BYTES_PER_MB = 1e6;

/**
 * Adds the model whose manifest is at `location`, a path or an https address; its files are beside it.
 * The folder is replaced in one step, so that it never holds half a model.
 * @throws {ModelSourceError} when something cannot be read.
 * @throws {InvalidManifestError} when the manifest is wrong, or the model does not do what it says.
 * @throws {ModelLoadError} when a file differs from its checksum, or does not load.
 * @throws {ModelExistsError} when another revision is there and `force` is not set.
 */
export async function addModel(location: string, options: AddModelOptions = {}): Promise<AddedModel> {
  const { report = () => {}, runtime = wasmRuntime() } = options;
  const source = modelSource(location);
  const manifest = await checkManifest(await source.readManifest(), source.location);
  report(`${manifest.name}@${manifest.revision}: the manifest is valid`);
  const folder = join(options.folder ?? MODELS_FOLDER, manifest.name);
  const present = await presentManifest(folder);
  if (present && present.revision !== manifest.revision && !options.force) {
    throw new ModelExistsError(manifest.name, String(present.revision));
  }

  const files = new Map<string, Uint8Array>();
  const embeddings = new Map<Precision, Float32Array>();
  if (isHosted(manifest)) {
    for (const precision of PRECISIONS) {
      const file = manifest.files[precision];
      if (!file) continue;
      const bytes = await readModelFile(source, manifest, file, report);
      embeddings.set(precision, await checkInference(runtime, manifest, precision, bytes));
      report(`${file.path}: checksum right, embeds pictures`);
      files.set(file.path, bytes);
    }
  } else {
    for (const file of filesOf(manifest)) {
      files.set(file.path, await readModelFile(source, manifest, file, report));
      report(`${file.path}: checksum right`);
    }
    report("An origin proves it when it starts: no edge function runs it");
  }
  const written = !options.dryRun;
  if (written) await replaceFolder(folder, manifest, files, outdatedFiles(present));
  return { manifest, folder, agreement: agreementOf(embeddings), written };
}

async function readModelFile(
  source: ModelSource,
  manifest: AnyManifest,
  file: ModelFile,
  report: (line: string) => void,
): Promise<Uint8Array> {
  if (file.bytes > MAX_MODEL_FILE_BYTES) {
    throw new InvalidManifestError(
      source.location,
      `${file.path} is longer than ${MAX_MODEL_FILE_BYTES} bytes`,
    );
  }
  let reported = 0;
  const bytes = await source.readFile(file.path, file.bytes, (total) => {
    const tenth = Math.floor((total / file.bytes) * 10);
    if (tenth > reported) report(`${file.path}: ${(total / BYTES_PER_MB).toFixed(1)} MB, ${tenth * 10} %`);
    reported = tenth;
  });
  await assertModelFile(manifest, file, bytes);
  return bytes;
}

type Files = Readonly<Record<string, { readonly path: string }>>;

interface PresentManifest {
  readonly revision?: unknown;
  readonly files?: Files;
  readonly graphs?: Readonly<Record<string, { readonly files?: Files }>>;
  readonly start?: { readonly path: string };
}

function outdatedFiles({
  files = {},
  graphs = {},
  start,
}: PresentManifest = {}): { readonly path: string }[] {
  const own = Object.values(graphs).flatMap((graph) => Object.values(graph.files ?? {}));
  return [...Object.values(files), ...own, ...(start ? [start] : [])];
}

async function presentManifest(folder: string): Promise<PresentManifest | undefined> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as PresentManifest);
}

/** Keeps what else is in the folder: a model card, a training recipe. */
async function replaceFolder(
  folder: string,
  manifest: AnyManifest,
  files: ReadonlyMap<string, Uint8Array>,
  outdated: readonly { path: string }[],
): Promise<void> {
  const suffix = randomBytes(4).toString("hex");
  const [fresh, old] = [`${folder}.new-${suffix}`, `${folder}.old-${suffix}`];
  const exists = await cp(folder, fresh, { recursive: true }).then(
    () => true,
    () => false,
  );
  try {
    await mkdir(fresh, { recursive: true });
    for (const { path } of outdated) await rm(join(fresh, path), { force: true });
    for (const [path, bytes] of files) await writeFile(join(fresh, path), bytes);
    await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    if (exists) await rename(folder, old);
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

function agreementOf(embeddings: ReadonlyMap<Precision, Float32Array>): Partial<Record<Precision, number>> {
  const [reference] = embeddings.values();
  return Object.fromEntries(
    [...embeddings].map(([precision, vector]) => [precision, cosine(vector, reference!)]),
  );
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}

export function addModelCommand(): Command {
  return new Command("add")
    .description("Check a model and its manifest, and add them to the models folder.")
    .argument("<manifest>", "path or https address of a manifest.json, with its files beside it")
    .option("--folder <folder>", "models folder", MODELS_FOLDER)
    .option("--force", "replace another revision of the model")
    .option("--dry-run", "check only, write nothing")
    .action(async (location: string, options: AddModelOptions) => {
      const { manifest, folder, agreement, written } = await addModel(location, {
        ...options,
        report: console.error,
      });
      for (const [precision, value] of Object.entries(agreement)) {
        console.error(`${precision}: cosine to the most precise file ${value.toFixed(4)}`);
      }
      const name = `${manifest.name}@${manifest.revision}`;
      console.log(written ? `${name} is in ${folder}; npm run build deploys it` : `${name} could be added`);
    });
}
