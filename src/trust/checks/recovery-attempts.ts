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
  title: 'A password reset code allows five attempts, including those with a rejected password',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'Rejected passwords other than one made of the user’s name, and the count in the database of the running deployment, which another check tests',
  async examine(context) {
    const owner = await becomeMember(await context.testInstance().canary());
    const tryPassword = await openRecovery(owner);
    const refused: CheckResponse[] = [];
    for (let n = 0; n < attempts; n += 1)
      refused.push(expectStatus(await tryPassword(`${owner.name} ${owner.name}`), 422));
    const further = await tryPassword(owner.password);

    const faults = contradicts(further, 410)
      ? [
          `After ${attempts} attempts with a rejected password, the reset code returned ${further.status}.`,
        ]
      : [];
    const holds = `${attempts} attempts with the correct code and a rejected password used it up.`;
    return judge({ faults, needs: [...refused, further], holds, examined: attempts + 1 });
  },
  controls: [
    {
      where: 'attempt with a rejected password not counted',
      tamper: answeringStatus(complete, 200, { nth: attempts }),
    },
    {
      where: 'password judged after the last attempt',
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
