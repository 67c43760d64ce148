import { defineConfig } from 'vitest/config';
import usual from '../vitest.config.ts';

/** The attacks take minutes, and wait for limits and time-outs more than they work: they have a run of their own. */
export default defineConfig({ ...usual, test: { ...usual.test, include: ['attacks/**/*.test.ts'] } });
