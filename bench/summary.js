// The results as ratios within one run, each beside its target.

const targets = [
  {
    what: 'Session check, × Better Auth’s endpoint',
    least: 15,
    unit: '×',
    of: ({ session: s }) => s && s.flowcept.rate / s.betterAuth.rate,
  },
  {
    what: 'Session check, × Better Auth’s guard in the process',
    least: null,
    unit: '×',
    of: ({ session: s }) => s && s.flowcept.rate / s.betterAuthGuarded.rate,
  },
  {
    what: 'Session check, of bare Hono',
    least: 0.25,
    unit: '%',
    of: ({ session: s }) => s && s.flowcept.rate / s.hono.rate,
  },
  {
    what: 'With a million sessions, a hundred in use',
    least: 0.8,
    unit: '%',
    of: ({ session: s }) => s?.flowceptMillion && s.flowceptMillion.rate / s.flowcept.rate,
  },
  {
    what: 'With a million sessions, a hundred thousand in use',
    least: null,
    unit: '%',
    of: ({ session: s }) =>
      s?.flowceptMillionSpread && s.flowceptMillionSpread.rate / s.flowcept.rate,
  },
  {
    what: 'Session checks while 8 sign in, × Better Auth',
    least: null,
    unit: '×',
    of: ({ storm: s }) => s && s.flowcept.rate / s.betterAuth.rate,
  },
  {
    what: 'Their 99th percentile, of Better Auth’s',
    most: 0.1,
    unit: '%',
    of: ({ storm: s }) => s && s.flowcept.p99 / s.betterAuth.p99,
  },
  {
    what: 'Sign-ins as shipped, of the machine’s bcrypt',
    least: 0.95,
    unit: '%',
    of: ({ shipped: h }) => h && h.flowceptSignIn.rate / h.bcrypt.rate,
  },
  {
    what: 'Sign-ups as shipped, of the machine’s bcrypt',
    least: 0.9,
    unit: '%',
    of: ({ shipped: h }) => h && h.flowceptSignUp.rate / h.bcrypt.rate,
  },
  {
    what: 'Sign-ins at cost 10',
    least: 0.95,
    unit: '%',
    of: ({ hashing: h }) => h && h.flowceptSignIn.rate / h.bcrypt.rate,
  },
  {
    what: 'Sign-ins at cost 10 from new devices, with a mail',
    least: null,
    unit: '%',
    of: ({ hashing: h }) => h && h.flowceptSignInAnew.rate / h.bcrypt.rate,
  },
  {
    what: 'Sign-ups at cost 10',
    least: 0.9,
    unit: '%',
    of: ({ hashing: h }) => h && h.flowceptSignUp.rate / h.bcrypt.rate,
  },
  {
    what: 'Better Auth’s sign-ins at cost 10',
    least: null,
    unit: '%',
    of: ({ hashing: h }) => h && h.betterAuthSignIn.rate / h.bcrypt.rate,
  },
  {
    what: 'Better Auth’s sign-ups at cost 10',
    least: null,
    unit: '%',
    of: ({ hashing: h }) => h && h.betterAuthSignUp.rate / h.bcrypt.rate,
  },
  {
    what: 'Cold start, × bare Hono',
    most: 3,
    unit: '×',
    of: ({ start: s }) => s && s.flowcept / s.hono,
  },
  {
    what: 'Better Auth’s cold start, × bare Hono',
    least: null,
    unit: '×',
    of: ({ start: s }) => s && s.betterAuth / s.hono,
  },
  {
    what: 'Memory after load, × bare Hono',
    most: 2,
    unit: '×',
    of: ({ memory: m }) => m && m.flowcept / m.hono,
  },
  {
    what: 'Better Auth’s memory after load, × bare Hono',
    least: null,
    unit: '×',
    of: ({ memory: m }) => m && m.betterAuth / m.hono,
  },
];

/** `met` is `null` if there is no target. */
export function summarize(seen) {
  return targets.flatMap(({ what, least = null, most = null, unit, of }) => {
    const ratio = of(seen);
    if (!ratio) return [];
    const met = least !== null ? ratio >= least : most !== null ? ratio <= most : null;
    return [{ what, ratio, unit, least, most, met }];
  });
}

export const inWords = (ratio, unit) =>
  unit === '%'
    ? `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %`
    : `${ratio.toFixed(ratio < 10 ? 1 : 0)} ×`;

const target = ({ least, most, unit }) =>
  least !== null ? `≥ ${inWords(least, unit)}` : most !== null ? `≤ ${inWords(most, unit)}` : '';

export function table({ date, machine, setting, summary }) {
  const words = { true: 'met', false: 'MISSED', null: '' };
  const rows = summary.map(
    (one) =>
      `${one.what.padEnd(52)} ${inWords(one.ratio, one.unit).padStart(8)}   ${target(one).padEnd(10)} ${words[String(one.met)]}`,
  );
  return [
    `${date}, ${machine.cores} cores, ${machine.platform} ${machine.arch}, Node ${machine.node}, bcrypt cost ${setting.cost} and as shipped ${setting.shipped}, medians of ${setting.rounds} rounds`,
    ...rows,
  ].join('\n');
}
