import { createServer } from 'node:net';
import { StartRefused, type Config } from '../config.ts';

export type PortSetting = 'PORT' | 'HTTP_REDIRECT_PORT';
export type Address = Pick<Config, 'host' | 'port' | 'origin'>;

/** The address that `localhost` also has, beside the one that is listened on. */
const otherLoopback: Record<string, string> = {
  '127.0.0.1': '::1',
  '0.0.0.0': '::1',
  '::1': '127.0.0.1',
};

/**
 * A program on the other loopback address would receive the passwords of users who open `localhost`.
 * @throws StartRefused
 */
export async function refuseOtherLoopback(
  setting: PortSetting,
  { host, port, origin }: Address,
): Promise<void> {
  const other = otherLoopback[host];
  const { hostname } = new URL(origin);
  if (other === undefined || !/(^|\.)localhost$/.test(hostname)) return;
  const server = createServer();
  const isInUse = await new Promise<boolean>((resolve) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE'));
    server.listen({ port, host: other, ipv6Only: true }, () => server.close(() => resolve(false)));
  });
  if (isInUse)
    throw new StartRefused([
      `${setting} ${port} is in use by another process on ${other}, which browsers may reach as ${hostname}. ${useAnother(setting, port)}`,
    ]);
}

export function faultOf(
  { code }: NodeJS.ErrnoException,
  setting: PortSetting,
  { host, port }: Address,
): string {
  if (code === 'EADDRINUSE')
    return `${setting} ${port} is in use by another process. ${useAnother(setting, port)}`;
  if (code === 'EACCES') return `${setting} ${port} requires more privileges.`;
  return `HOST ${host} is not an address that this machine can listen on (${code}).`;
}

function useAnother(setting: PortSetting, port: number): string {
  return `Use a different one, for example ${setting}=${port === 65_535 ? port - 1 : port + 1}.`;
}
