import { isLoopbackName } from '../../config.ts';
import type { DatabaseSetting } from '../../environment.ts';

/** Where the database is, without the credentials of its connection string. */
export interface DatabaseAddress {
  kind: DatabaseSetting['kind'];
  /** Without ports. Empty for the embedded database. */
  hosts: readonly string[];
  name: string;
  /** Traffic to the database does not leave this machine. */
  loopback: boolean;
}

export function databaseAddress(setting: DatabaseSetting): DatabaseAddress {
  if (setting.kind === 'libsql')
    return { kind: 'libsql', hosts: [], name: setting.path, loopback: true };
  const [, authority = '', name = ''] =
    /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)\/([^?]*)/.exec(setting.url) ?? [];
  const hosts = authority.split(',').map((host) => host.replace(/:\d+$/, '').toLowerCase());
  return {
    kind: 'mongodb',
    hosts,
    name: decodeURIComponent(name),
    loopback: hosts.every(isLoopbackName),
  };
}
