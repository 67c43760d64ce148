// Writes compressed forms of each built file beside it, `.br` and `.gz`, for browsers that accept
// them: `node scripts/compress.js DIRECTORY`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const directory = process.argv[2] ?? join('dist', 'public');
/** Pictures are compressed already. */
const compressible = new Set(['.html', '.js', '.css', '.svg']);
/**
 * Bytes below which compression is not worth it: `minCompressed` in src/http/conditional.ts;
 * test/compress.test.ts compares the two.
 */
const least = 1_024;

const forms = {
  '.br': (bytes) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  '.gz': (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !compressible.has(extname(file))) continue;
  const bytes = readFileSync(file);
  if (bytes.length < least) continue;
  for (const [extension, compress] of Object.entries(forms)) {
    const compressed = compress(bytes);
    if (compressed.length < bytes.length) writeFileSync(`${file}${extension}`, compressed);
  }
}
