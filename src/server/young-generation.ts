import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8’s young generation at the size that starting gave it, about 8 MB. Otherwise the first run of the checks makes
 * it grow to 32 MB for good: docs/decisions/027. V8 reads the flag whenever the young generation might grow.
 */
export function limitYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
