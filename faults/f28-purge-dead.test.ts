import { expect, it } from 'vitest';
import { offerClaim } from '../src/accounts/claim-operator.ts';
import { day } from '../src/clock.ts';
import { deployed } from '../test/deployment.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { goodPassword, type Visitor } from '../test/visitor.ts';

/**
 * Nothing is purged here: only `run.ts` purges, and MongoDB by its own clock, which does not move.
 */
onBothStores('F28: what is over and never removed', (makeDatabase) => {
  const deployment = deployed(makeDatabase);

  it('an expired record is rejected by its time, and after the purge as missing', async () => {
    const { visitor, clock, services } = deployment();
    const [member, stranger] = [visitor(), visitor()];
    await member.join('ada@example.org');
    const next = 'loud oceans carry new charts';
    await member.post('/api/account/password', { current: goodPassword, next });
    const undo = await undoTokenFor(member, 'ada@example.org');
    const { body } = await stranger.post('/api/sign-up', {
      email: 'late@example.org',
      password: goodPassword,
      name: 'Late',
    });
    const code = await stranger.codeFor('late@example.org');
    const claim = (await offerClaim(services)).split('#token=')[1];
    const outcomes = async () => ({
      session: (await member.get('/api/session')).status,
      code: (await stranger.post(`/api/challenges/${body.challenge.id}/verify`, { code })).status,
      resend: (await stranger.post(`/api/challenges/${body.challenge.id}/resend`)).status,
      signUp: (
        await stranger.post('/api/sign-in', { email: 'late@example.org', password: goodPassword })
      ).status,
      undo: (await stranger.post('/api/account/undo', { token: undo })).status,
      claim: (
        await stranger.post('/api/operators/claim', {
          token: claim,
          email: 'op@example.org',
          password: goodPassword,
          name: 'Op',
        })
      ).status,
    });

    clock.move(9 * day);
    const over = { session: 401, code: 410, resend: 410, signUp: 401, undo: 410, claim: 410 };
    expect(await outcomes()).toEqual(over);
    await services.store.purge(clock.now());
    expect(await outcomes()).toEqual({ ...over, code: 404, resend: 404 });
    expect(
      (await member.post('/api/sign-in', { email: 'ada@example.org', password: next })).status,
    ).toBe(200);
  });
});

async function undoTokenFor(visitor: Visitor, email: string): Promise<string> {
  const { body } = await visitor.get(`/sandbox/mailbox?to=${email}`, {
    Accept: 'application/json',
  });
  const tokens = body.items.map(
    ({ text }: { text: string }) => /\/undo#token=([\w-]+)/.exec(text)?.[1],
  );
  return tokens.find(Boolean) ?? '';
}
