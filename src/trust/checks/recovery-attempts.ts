import { becomeMember, type Canary } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, expectStatus, text, type CheckResponse } from '../probe/exchange.ts';
import { answeringStatus } from './support/tamper.ts';

const attempts = 5;
const complete = '/api/recovery/complete';

/** A rejected password must not reveal whether the code was right without costing an attempt. ASVS 6.5.1, 6.6.3. */
export const recoveryAttempts: Check = {
  id: 'recovery-attempts',
  version: '1',
  title: 'A recovery code takes five tries, including those whose new password is refused',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'The only password that it has refused is one made of the owner’s name. Attempts in the database of the running deployment are counted by another check.',
  async examine(context) {
    const owner = await becomeMember(await context.testInstance().canary());
    const tryPassword = await openRecovery(owner);
    const refused: CheckResponse[] = [];
    for (let n = 0; n < attempts; n += 1)
      refused.push(expectStatus(await tryPassword(`${owner.name} ${owner.name}`), 422));
    const further = await tryPassword(owner.password);

    const faults = contradicts(further, 410)
      ? [
          `After ${attempts} tries with a password that was refused, a recovery code was answered ${further.status}.`,
        ]
      : [];
    const holds = `${attempts} tries with the right code and a password that was refused used it up.`;
    return judge({ faults, needs: [...refused, further], holds, examined: attempts + 1 });
  },
  controls: [
    {
      where: 'that counts no try whose password it refuses',
      tamper: answeringStatus(complete, 200, { nth: attempts }),
    },
    {
      where: 'that judges the password of a used-up code',
      tamper: answeringStatus(complete, 422, { nth: attempts }),
    },
  ],
};

/** Returns a function that completes the recovery with the correct code and the given password. */
async function openRecovery(owner: Canary): Promise<(password: string) => Promise<CheckResponse>> {
  const opened = await owner.send({
    method: 'POST',
    path: '/api/recovery',
    json: { email: owner.email },
  });
  const challenge = text(expectStatus(opened, 202), 'challenge', 'id');
  const code = await owner.nextCode();
  return (password) =>
    owner.send({ method: 'POST', path: complete, json: { challenge, code, password } });
}
