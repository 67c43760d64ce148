import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod/mini';
import { payloadOf, SignatureBroken } from '../../crypto/jws.ts';
import type { Remembered } from './compare.ts';
import { evidenceIn, type Published } from './published.ts';

const shape = z.object({
  origin: z.string(),
  kid: z.string(),
  link: z.nullable(z.object({ seq: z.int(), hash: z.string() })),
  seenAt: z.iso.datetime(),
});

/** One file per deployment, in the reader’s XDG state folder. */
export function memoryFile({ host }: URL, variables: Record<string, string | undefined>): string {
  return join(
    variables['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'),
    'flowcept',
    'seen',
    `${host.replaceAll(':', '_')}.json`,
  );
}

/** `null` if the deployment was not verified before. @throws Error if the file has another format */
export async function recall(file: string): Promise<Remembered | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : shape.parse(JSON.parse(text));
}

/** What an evidence document that the reader kept says. @throws Error if it is not one */
export async function recallDocument(file: string): Promise<Remembered> {
  const jws = (await readFile(file, 'utf8')).trim();
  const { kid } = z
    .object({ kid: z.string() })
    .parse(JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8')));
  const document = evidenceIn(payloadOf(jws));
  if (document === null) throw new SignatureBroken(`${file} is not an evidence document.`);
  return { kid, link: document.chain.head };
}

/** Written atomically: an interruption keeps the previous content. */
export async function remember(
  file: string,
  { key, document }: Published,
  now: Date,
): Promise<void> {
  const seen: z.infer<typeof shape> = {
    origin: document.issuer,
    kid: key.kid,
    link: document.chain.head,
    seenAt: now.toISOString(),
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(seen, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
