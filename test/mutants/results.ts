import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod/mini';
import { packageRoot } from '../../src/package-root.ts';
import { securityFile } from '../../src/trust/claims/security-source.ts';
import { stores } from './stores.ts';

const resultShape = z.strictObject({
  what: z.string(),
  claim: z.string(),
  store: z.enum(stores),
  /** The status of the claim on the page; `failing` means detected. */
  status: z.string(),
  /** Other claims that failed, though the mutant does not break them. */
  beside: z.array(z.string()),
  /** How many runs it took to get this result. */
  runs: z.number(),
  at: z.string(),
});
export type Result = z.infer<typeof resultShape>;

/** The part of this working tree that a result depends on. */
const inputs = [
  'src',
  'web',
  'scripts',
  'test/mutants',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsconfig.server.json',
  'tsconfig.web.json',
  'vite.config.ts',
];
const noInput = /\.test\.tsx?$|\.md$|test\/mutants\/(report|vitest\.config)\.ts$/;

/**
 * The results of one build with one list of mutants. An interrupted run continues from them;
 * results of another build are ignored.
 */
export class Results {
  readonly #directory: string;
  readonly #file: string;
  readonly #own = new Map<string, Result>();

  /** @param part The part of all mutants that this process runs: the name of its file. */
  constructor(part: string, directory = join(packageRoot, '.cache', 'mutants', digest())) {
    this.#directory = directory;
    this.#file = join(directory, `${part}.json`);
    for (const result of readResults(this.#file)) this.#own.set(keyOf(result), result);
  }

  /** The newest result of every mutant on every store, from any process. */
  all(): readonly Result[] {
    const newest = new Map<string, Result>();
    for (const result of this.#files()
      .flatMap(readResults)
      .toSorted((one, other) => one.at.localeCompare(other.at)))
      newest.set(keyOf(result), result);
    return [...newest.values()];
  }

  /** `null`: not run yet. */
  of(which: Pick<Result, 'what' | 'store'>): Result | null {
    return this.all().find((result) => keyOf(result) === keyOf(which)) ?? null;
  }

  add(result: Omit<Result, 'runs' | 'at'>): void {
    const runs = (this.of(result)?.runs ?? 0) + 1;
    this.#own.set(keyOf(result), { ...result, runs, at: new Date().toISOString() });
    mkdirSync(this.#directory, { recursive: true });
    writeFileSync(`${this.#file}.new`, `${JSON.stringify([...this.#own.values()], null, 2)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  #files(): readonly string[] {
    if (!statSync(this.#directory, { throwIfNoEntry: false })) return [];
    return readdirSync(this.#directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(this.#directory, name));
  }
}

export function isCaught({ status }: Pick<Result, 'status'>): boolean {
  return status === 'failing';
}

/** Whether it needs no further run. */
export function isSettled(result: Result | null): boolean {
  return result !== null && isCaught(result) && result.beside.length === 0;
}

function keyOf({ what, store }: Pick<Result, 'what' | 'store'>): string {
  return `${store}: ${what}`;
}

function readResults(file: string): readonly Result[] {
  if (!statSync(file, { throwIfNoEntry: false })) return [];
  return z.array(resultShape).parse(JSON.parse(readFileSync(file, 'utf8')));
}

function digest(): string {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap(filesBelow))
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(packageRoot, path)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(path: string): readonly string[] {
  const found = statSync(join(packageRoot, path), { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return noInput.test(path) && path !== securityFile ? [] : [path];
  return readdirSync(join(packageRoot, path))
    .toSorted()
    .flatMap((name) => filesBelow(`${path}/${name}`));
}
