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
    'TLS 1.0 and 1.1 are refused, 1.2 or 1.3 is spoken, and the certificate holds for two weeks more',
  method: 'TEST',
  vantage: 'black-box',
  ...oftenFromOutside,
  limits:
    'It is tried from where the check is made, the server’s own machine or a reader’s: what others meet on their way, and other names for the site, are not seen. On loopback a certificate of one’s own making counts.',
  async examine(context) {
    const withOldServer = await context.handshakeWithOldServer('TLSv1');
    if (!withOldServer.agreed)
      throw new Inconclusive(
        'The probe cannot offer TLS 1.0, so that a refusal would say nothing.',
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
        .map((version) => `${version} is still spoken.`),
      !current.some((version) => spoken.includes(version)) && 'Neither TLS 1.2 nor 1.3 is spoken.',
      certificate !== undefined && days < minDays && `The certificate expires in ${days} days.`,
      certificate !== undefined &&
        !certificate.trusted &&
        !context.site.loopback &&
        'The certificate is not one that browsers trust.',
    ].filter((fault) => fault !== false);
    const holds = `${old.join(' and ')} were refused, ${spoken.join(' and ')} agreed; the certificate holds for ${days} days.`;
    return judge({ faults, holds, examined: tried.length });
  },
  controls: [
    ...old.map((version) => ({
      where: `that speaks ${version}`,
      tamper: {
        handshake: (seen: Handshake, { asked }: { asked: string }) =>
          asked === version ? { ...seen, agreed: true } : seen,
      },
    })),
    {
      where: 'that speaks nothing newer',
      tamper: {
        handshake: (seen, { asked }) =>
          current.some((version) => version === asked) ? { ...seen, agreed: false } : seen,
      },
    },
    {
      where: 'whose certificate expires next week',
      tamper: {
        handshake: (seen) => ({
          ...seen,
          certificate: seen.certificate && { ...seen.certificate, daysLeft: 7 },
        }),
      },
    },
    {
      where: 'whose certificate nobody trusts',
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
