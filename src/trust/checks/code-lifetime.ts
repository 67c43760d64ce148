import { contradicts } from '../answer.ts';
import { signUp, tryCode } from '../canary.ts';
import { fourTimesADay, judge, type Check } from '../check.ts';
import { answeringStatus } from '../tamper.ts';

const second = 1_000;
const lifetime = 10 * 60 * second;

/** ASVS 6.5.5, 6.6.2. */
export const codeLifetime: Check = {
  id: 'code-lifetime',
  version: '1',
  title: 'A code is alive after 9:59 minutes and dead after 10:01',
  method: 'TEST',
  vantage: 'inside, twin',
  ...fourTimesADay,
  limits: 'The clock is the twin’s own: it shows what this code does with time, not that this server’s clock goes right.',
  async examine(eyes) {
    const twin = eyes.twin();
    const [early, late] = [await twin.canary(), await twin.canary()];
    const challenges = { early: await signUp(early), late: await signUp(late) };
    const codes = { early: await early.nextCode(), late: await late.nextCode() };
    twin.pass(lifetime - second);
    const alive = await tryCode(early, challenges.early, codes.early);
    twin.pass(2 * second);
    const dead = await tryCode(late, challenges.late, codes.late);
    const faults = [
      contradicts(alive, 200) && `A code was answered ${alive.status} a second before its ten minutes were over.`,
      contradicts(dead, 410) && `A code was answered ${dead.status} a second after its ten minutes were over.`,
    ].filter((fault) => fault !== false);
    return judge({ faults, needs: [alive, dead], holds: 'One was taken a second before ten minutes, another refused a second after them.', examined: 2 });
  },
  controls: [
    { where: 'whose codes live on', tamper: answeringStatus('/verify', 200, { visitor: 'twin 1, canary 2' }) },
    { where: 'whose codes die early', tamper: answeringStatus('/verify', 410, { visitor: 'twin 1, canary 1' }) },
  ],
};
