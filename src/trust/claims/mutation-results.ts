import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod/mini';
import type { ClaimView } from '../../api/trust.ts';
import { packageRoot } from '../../package-root.ts';

const shape = z.strictObject({
  ranOn: z.string(),
  claims: z.record(z.string(), z.strictObject({ caught: z.number(), total: z.number() })),
});

export type Mutants = (claim: string) => ClaimView['mutants'];

/** Number of seeded faults that each claim detected, as recorded by `npm run mutants`. */
export function readMutants(): Mutants {
  const file = join(packageRoot, 'assets', 'mutants.json');
  if (!existsSync(file)) return () => null;
  const { ranOn, claims } = shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  return (claim) => {
    const counts = claims[claim];
    return counts ? { ...counts, ranOn } : null;
  };
}
