import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.ts';

const position = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/g;
const maps = new Map<string, SourceMap | null>();

/**
 * Rewrites a stack trace with positions in the sources instead of the bundle. Source maps are read for the first stack
 * trace only: Node’s `--enable-source-maps` reads them all at every start. While one cannot be read, for example without a
 * free file descriptor, the positions in the bundle remain: describing an error never fails.
 */
export function withSourcePositions(stack: string): string {
  return stack.replace(position, (found, url: string, line: string, column: string) => {
    const entry = mapOf(url)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return found;
    const source = relative(packageRoot, join(dirname(fileURLToPath(url)), entry.originalSource));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function mapOf(url: string): SourceMap | null {
  const known = maps.get(url);
  if (known !== undefined) return known;
  try {
    const map = read(`${fileURLToPath(url)}.map`);
    maps.set(url, map);
    return map;
  } catch {
    return null;
  }
}

function read(file: string): SourceMap | null {
  if (!existsSync(file)) return null;
  // Our own build wrote this file next to the bundle.
  const payload: SourceMapPayload = JSON.parse(readFileSync(file, 'utf8'));
  return new SourceMap(payload);
}
