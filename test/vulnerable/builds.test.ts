import { expect, it } from 'vitest';
import { attacks } from '../../attacks/all.ts';
import { notYet } from '../../attacks/not-yet.ts';
import { notApplicable } from '../mutants/applicable.ts';
import { vulnerableBuilds } from './builds.ts';

/** The groups of `hardening.md` §1 that apply to this deployment, and their numbers. */
const groups = {
  A: [1, 10],
  B: [11, 18],
  C: [19, 30],
  D: [31, 35],
  E: [36, 42],
  F: [43, 55],
  G: [56, 63],
  H: [64, 77],
  I: [78, 90],
  L: [112, 129],
  M: [130, 136],
  N: [137, 146],
} as const;

it('every number of the list is a case, or has a reason why not', () => {
  const numbers = Object.entries(groups).flatMap(([group, [first, last]]) =>
    Array.from({ length: last - first + 1 }, (_, index) => `${group}${first + index}`),
  );
  const tried = [...attacks, ...notYet].map(({ id }) => id);
  expect(numbers.filter((number) => !tried.includes(number))).toEqual([]);
  expect(tried.filter((id, index) => tried.indexOf(id) !== index)).toEqual([]);
});

it('every attack case has a vulnerable build on which it succeeds', () => {
  const caught = new Set(vulnerableBuilds.flatMap(({ lets }) => lets));
  expect(attacks.filter(({ id }) => !caught.has(id)).map(({ id }) => id)).toEqual([]);
});

it('every edit of a vulnerable build applies to the current source', async () => {
  expect(await notApplicable(vulnerableBuilds)).toEqual([]);
});
