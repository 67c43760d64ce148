import type { CheckContext } from '../../probe/check-context.ts';
import type { CheckResponse } from '../../probe/exchange.ts';

/**
 * Headers of a client that tries to be counted as another one each time: a made-up address in every header that some
 * server trusts.
 */
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

/** Whether the response says how many whole seconds to wait. RFC 9110 §10.2.3. */
export function isWait({ headers }: CheckResponse): boolean {
  return /^[1-9]\d*$/.test(headers['retry-after'] ?? '');
}
