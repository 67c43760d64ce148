import { judge, oftenFromOutside, type Check } from '../probe/check.ts';
import { Inconclusive } from '../probe/exchange.ts';
import type { Handshake } from '../probe/tls-probe.ts';

const old = ['TLSv1', 'TLSv1.1'] as const;
const current = ['TLSv1.2', 'TLSv1.3'] as const;
const minDays = 14;

/** ASVS 12.1.1, 12.2.2. */
export const tls: Check = {
  id: 'tls',
  version: '1',
  title:
    'TLS 1.0 and 1.1 are rejected, TLS 1.2 or 1.3 works, and the certificate is valid for two more weeks',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits:
    'Other network paths and host names of the site, and who issued the certificate of a server on loopback',
  async examine(context) {
    const withOldServer = await context.handshakeWithOldServer('TLSv1');
    if (!withOldServer.agreed)
      throw new Inconclusive(
        'The TLS client of this check cannot offer TLS 1.0, so a rejection would prove nothing.',
      );
    const tried: { version: string; handshake: Handshake }[] = [];
    for (const version of [...old, ...current])
      tried.push({ version, handshake: await context.handshake(version) });

    const spoken = tried.filter(({ handshake }) => handshake.agreed).map(({ version }) => version);
    const certificate = tried
      .map(({ handshake }) => handshake.certificate)
      .find((one) => one !== null);
    const days = certificate?.daysLeft ?? 0;
    const faults = [
      ...old
        .filter((version) => spoken.includes(version))
        .map((version) => `${version} is still accepted.`),
      !current.some((version) => spoken.includes(version)) &&
        'Neither TLS 1.2 nor TLS 1.3 is accepted.',
      certificate !== undefined && days < minDays && `The certificate expires in ${days} days.`,
      certificate !== undefined &&
        !certificate.trusted &&
        !context.site.loopback &&
        'The certificate is not trusted.',
    ].filter((fault) => fault !== false);
    const holds = `${old.join(' and ')} were rejected, ${spoken.join(' and ')} accepted. The certificate is valid for ${days} days.`;
    return judge({ faults, holds, examined: tried.length });
  },
  controls: [
    ...old.map((version) => ({
      where: `${version} accepted`,
      tamper: {
        handshake: (seen: Handshake, { asked }: { asked: string }) =>
          asked === version ? { ...seen, agreed: true } : seen,
      },
    })),
    {
      where: 'nothing newer accepted',
      tamper: {
        handshake: (seen, { asked }) =>
          current.some((version) => version === asked) ? { ...seen, agreed: false } : seen,
      },
    },
    {
      where: 'certificate that expires in a week',
      tamper: {
        handshake: (seen) => ({
          ...seen,
          certificate: seen.certificate && { ...seen.certificate, daysLeft: 7 },
        }),
      },
    },
    {
      where: 'untrusted certificate',
      tamper: {
        handshake: (seen) => ({
          ...seen,
          certificate: seen.certificate && { ...seen.certificate, trusted: false },
        }),
      },
      on: ({ loopback }) => !loopback,
    },
  ],
};
