import { describe, inject } from 'vitest';
import { freshDatabase } from '../../../test/mongodb.ts';
import { storeContract } from '../contract/store-contract.ts';
import { openMongoStore } from './open.ts';

const base = inject('mongodb');

describe.skipIf(base === null)('the store on MongoDB', () => {
  storeContract(async () => {
    const url = freshDatabase(base ?? '');
    const [store, second] = await Promise.all([openMongoStore({ url }), openMongoStore({ url })]);
    const close = async (): Promise<void> => {
      await Promise.all([store.close(), second.close()]);
    };
    return { store, second, close };
  });
});
