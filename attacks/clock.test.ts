import { expect, it } from 'vitest';
import { deployed } from '../test/deployment.ts';
import { onBothStores } from '../test/on-both-stores.ts';
import { goodPassword } from '../test/visitor.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Cases that need a clock that moves. */
onBothStores('attacks on time', (database) => {
  const deployment = deployed(database);

  it('B12 A code after its ten minutes, which says no more than that it is over', async () => {
    const { visitor, clock } = deployment();
    const [early, late] = [visitor(), visitor()];
    const open = async (who: typeof early, email: string) => (await who.post('/api/sign-up', { email, password: goodPassword, name: 'Ada' })).body.challenge.id;
    const [inTime, tooLate] = [await open(early, 'early@example.org'), await open(late, 'late@example.org')];
    const codes = [await early.codeFor('early@example.org'), await late.codeFor('late@example.org')];
    clock.move(10 * minute - 3_000);
    expect((await early.post(`/api/challenges/${inTime}/verify`, { code: codes[0] })).status).toBe(200);
    clock.move(4_000);
    const right = await late.post(`/api/challenges/${tooLate}/verify`, { code: codes[1] });
    const wrong = await late.post(`/api/challenges/${tooLate}/verify`, { code: '000000' });
    expect([right.status, right.body.type]).toEqual([410, '/problems/challenge-over']);
    expect({ ...right.body, reference: '' }).toEqual({ ...wrong.body, reference: '' });
  });

  it('B15 The code before the newest, and guesses that a new code gives back', async () => {
    const { visitor, clock } = deployment();
    const who = visitor();
    const { body } = await who.post('/api/sign-up', { email: 'again@example.org', password: goodPassword, name: 'Ada' });
    const path = `/api/challenges/${body.challenge.id}`;
    const first = await who.codeFor('again@example.org');
    const wrong = first === '000000' ? '111111' : '000000';
    for (let guess = 0; guess < 4; guess += 1) await who.post(`${path}/verify`, { code: wrong });
    clock.move(61_000);
    expect((await who.post(`${path}/resend`)).status).toBe(202);
    const second = await who.codeFor('again@example.org');
    if (first !== second) expect((await who.post(`${path}/verify`, { code: first })).body.type).toBe('/problems/wrong-code');
    for (let guess = 0; guess < 3; guess += 1) await who.post(`${path}/verify`, { code: wrong });
    clock.move(61_000);
    await who.post(`${path}/resend`);
    const answers = [];
    for (let guess = 0; guess < 4; guess += 1) answers.push((await who.post(`${path}/verify`, { code: wrong })).status);
    expect(answers.filter((status) => status === 429).length).toBeGreaterThan(0);
  });

  it('F47 A session after its twelve hours without use, or its day in all', async () => {
    const { visitor, clock } = deployment();
    const [idle, busy] = [visitor(), visitor()];
    await idle.join('idle@example.org');
    await busy.join('busy@example.org');
    for (let hours = 0; hours < 11; hours += 1) {
      clock.move(hour);
      expect((await busy.get('/api/session')).status).toBe(200);
    }
    clock.move(hour + 1_000);
    expect((await idle.get('/api/session')).status).toBe(401);
    for (let hours = 12; hours < 23; hours += 1) {
      expect((await busy.get('/api/session')).status).toBe(200);
      clock.move(hour);
    }
    clock.move(hour);
    expect((await busy.get('/api/session')).status).toBe(401);
  });

  it('C25 A hundred guesses in a day, by waiting', async () => {
    const { visitor, clock } = deployment();
    await visitor().join('patient@example.org');
    let compared = 0;
    for (let tries = 0; tries < 600; tries += 1) {
      const { status, headers } = await visitor().post('/api/sign-in', { email: 'patient@example.org', password: 'x' }, {});
      if (status === 401) compared += 1;
      if (status === 429) clock.move(Number(headers.get('retry-after')) * 1_000);
      if (compared > 30) break;
    }
    const before = clock.now().getTime();
    let [refused, waits] = [0, 0];
    while (refused < 3) {
      const { status, headers } = await visitor().post('/api/sign-in', { email: 'patient@example.org', password: 'x' }, {});
      if (status !== 429) continue;
      refused += 1;
      waits = Number(headers.get('retry-after'));
      clock.move(waits * 1_000);
    }
    expect(waits).toBeGreaterThan(14 * 60);
    expect(clock.now().getTime() - before).toBeGreaterThan(40 * minute);
  });
});
