import type { CheckContext } from '../../probe/check-context.ts';
import type { CheckResponse } from '../../probe/exchange.ts';

/** What somebody sends who wants to be counted as another each time: an address of their invention, in every header that some server believes. */
export async function forgedOrigin(
  context: Pick<CheckContext, 'word'>,
): Promise<Record<string, string>> {
  const [a = 0, b = 0, c = 0] = Buffer.from(await context.word(), 'hex');
  const address = `198.${a}.${b}.${c}`;
  return {
    'x-forwarded-for': address,
    forwarded: `for=${address}`,
    'x-real-ip': address,
    'x-client-ip': address,
    'true-client-ip': address,
    'cf-connecting-ip': address,
  };
}

/** Says how many whole seconds to wait. RFC 9110 §10.2.3. */
export function isWait({ headers }: CheckResponse): boolean {
  return /^[1-9]\d*$/.test(headers['retry-after'] ?? '');
}
