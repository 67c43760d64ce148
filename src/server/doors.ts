import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { listen, listenForRedirects, type Handler, type Listening } from './listen.ts';

/**
 * Listens on every port of this deployment, or on none.
 * @throws StartRefused when a port or the certificate cannot be used
 */
export async function openDoors(handler: Handler, config: Config, log: Log): Promise<Listening> {
  const redirectPort = config.tls?.redirectPort ?? null;
  const site = await listen(handler, config, log);
  if (redirectPort === null) return site;
  const redirects = await listenForRedirects(config, redirectPort, log).catch(
    async (error: unknown) => {
      await site.close(0);
      throw error;
    },
  );
  return {
    async close(timeoutMs) {
      await Promise.all([site.close(timeoutMs), redirects.close(timeoutMs)]);
    },
  };
}
