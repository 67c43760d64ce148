import { fourTimesADay, judge, type Check } from '../probe/check.ts';

/** Scheme, bcrypt version and cost, salt, hash. */
const storedForm = /^hmac-sha384:\$2b\$(\d\d)\$([./A-Za-z0-9]{22})[./A-Za-z0-9]{31}$/;
/** Minimum cost of ASVS 11.4.2. */
const minCost = 10;

const tooCheap = `hmac-sha384:$2b$04$${'a'.repeat(53)}`;

/** ASVS 11.4.2. */
export const passwordCensus: Check = {
  id: 'password-census',
  version: '2',
  title: 'Every stored password is a bcrypt hash with its own salt',
  method: 'EXAMINE',
  vantage: 'internal',
  ...fourTimesADay,
  limits:
    'Copies of a password made before it was hashed, and who has the secret key that is added before hashing',
  async examine(context) {
    // Comparing salts needs at least two hashes.
    for (const which of ['one', 'other'] as const) await context.member(which);
    const hashes = await context.passwordHashes();
    const forms = hashes.map((hash) => storedForm.exec(hash)).filter((form) => form !== null);
    const cheap = forms.filter(([, cost]) => Number(cost) < minCost).length;
    const salts = new Set(forms.map(([, , salt]) => salt)).size;
    const faults = [
      forms.length < hashes.length &&
        `${hashes.length - forms.length} of ${hashes.length} stored passwords do not have the format of a hash.`,
      cheap > 0 && `${cheap} of ${hashes.length} hashes have a cost below ${minCost}.`,
      salts < forms.length && `${hashes.length} hashes share ${salts} salts.`,
    ].filter((fault) => fault !== false);
    const holds = `${hashes.length} of ${hashes.length} are bcrypt hashes with a cost of at least ${minCost}, with ${salts} different salts.`;
    return judge({ faults, holds, examined: hashes.length });
  },
  controls: [
    {
      where: 'password stored in plaintext',
      tamper: { passwordHashes: (hashes) => [...hashes, 'correct horse battery staple'] },
    },
    {
      where: 'hash with cost 4',
      tamper: { passwordHashes: (hashes) => [...hashes, tooCheap] },
    },
    {
      where: 'two passwords with the same salt',
      tamper: { passwordHashes: (hashes) => [...hashes, ...hashes.slice(0, 1)] },
    },
    {
      where: 'hash without the secret key',
      tamper: { passwordHashes: (hashes) => hashes.map((hash) => hash.slice(hash.indexOf('$'))) },
    },
  ],
};
