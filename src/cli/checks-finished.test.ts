import { expect, test } from 'vitest';
import { checksFinished } from './checks-finished.ts';

test('the end of a run is reported with the number of verified claims', () => {
  const claims = [{ status: 'verified' }, { status: 'failing' }, { status: 'verified' }] as const;
  expect(checksFinished(claims)).toBe('Checks finished: 2 of 3 claims verified.');
});
