import { expect, test } from 'vitest';
import { minute, hour, day } from '../../clock.ts';
import { type Open, useStores } from './opened.ts';
import { aFlow, at, hashed, unique } from './samples.ts';

/** Sign-in attempts at providers. */
export function flowsContract(open: Open): void {
  const stores = useStores(open, 'once');

  test('a flow is returned as stored, once', async () => {
    for (const flow of [
      aFlow(),
      aFlow({
        provider: 'google',
        purpose: 'connect',
        accountId: unique('account'),
        to: '/account?tab=1#x',
      }),
    ]) {
      await stores.store.insertFlow(flow);
      expect(await stores.second.takeFlow(flow.stateHash)).toEqual(flow);
      expect(await stores.store.takeFlow(flow.stateHash)).toBeNull();
    }
  });

  test('a flow that was not started is not found', async () => {
    await stores.store.insertFlow(aFlow());
    expect(await stores.store.takeFlow(hashed(unique('state')))).toBeNull();
  });

  test('of fifty concurrent attempts to take a flow one succeeds', async () => {
    const flow = aFlow();
    await stores.store.insertFlow(flow);
    const taken = await stores.race(50, (store) => store.takeFlow(flow.stateHash));
    expect(taken.filter((one) => one !== null)).toEqual([flow]);
  });

  test('purging removes only the flows that expired a day ago', async () => {
    const [old, young] = [aFlow({ expiresAt: at(minute) }), aFlow({ expiresAt: at(day) })];
    for (const flow of [old, young]) await stores.store.insertFlow(flow);
    await stores.store.purge(at(day + hour));
    expect(await stores.second.takeFlow(old.stateHash)).toBeNull();
    expect(await stores.second.takeFlow(young.stateHash)).toEqual(young);
  });
}
