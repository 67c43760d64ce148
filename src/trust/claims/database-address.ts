import { isLoopbackName, type DatabaseSetting } from '../../config.ts';

/** Where the database is, without the credentials of its connection string. */
export interface DatabaseAddress {
  kind: DatabaseSetting['kind'];
  /** Without ports. None for the embedded one. */
  hosts: readonly string[];
  name: string;
  /** Nothing that is said to it leaves this machine. */
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
