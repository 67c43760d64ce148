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
  title: 'Every stored password is a bcrypt hash with a salt of its own',
  method: 'EXAMINE',
  vantage: 'internal',
  ...fourTimesADay,
  limits:
    'That no password was copied somewhere before it was hashed, and who holds the key that is mixed in.',
  async examine(context) {
    // Comparing salts needs at least two hashes.
    for (const which of ['one', 'other'] as const) await context.member(which);
    const hashes = await context.passwordHashes();
    const forms = hashes.map((hash) => storedForm.exec(hash)).filter((form) => form !== null);
    const cheap = forms.filter(([, cost]) => Number(cost) < minCost).length;
    const salts = new Set(forms.map(([, , salt]) => salt)).size;
    const faults = [
      forms.length < hashes.length &&
        `${hashes.length - forms.length} of ${hashes.length} stored passwords are not in the form of a hash.`,
      cheap > 0 && `${cheap} of ${hashes.length} hashes are made with a cost below ${minCost}.`,
      salts < forms.length && `${hashes.length} hashes share ${salts} salts.`,
    ].filter((fault) => fault !== false);
    const holds = `${hashes.length} of ${hashes.length} are bcrypt hashes of cost ${minCost} or more; different salts: ${salts}.`;
    return judge({ faults, holds, examined: hashes.length });
  },
  controls: [
    {
      where: 'that keeps one password as it was typed',
      tamper: { passwordHashes: (hashes) => [...hashes, 'correct horse battery staple'] },
    },
    {
      where: 'that hashes one with cost 4',
      tamper: { passwordHashes: (hashes) => [...hashes, tooCheap] },
    },
    {
      where: 'that gives two the same salt',
      tamper: { passwordHashes: (hashes) => [...hashes, ...hashes.slice(0, 1)] },
    },
    {
      where: 'that hashes without the key',
      tamper: { passwordHashes: (hashes) => hashes.map((hash) => hash.slice(hash.indexOf('$'))) },
    },
  ],
};
