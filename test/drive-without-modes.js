// Loaded before the program: the file system as a process meets it on a Windows drive in WSL, where
// every file has mode 0777 and a `chmod` is without effect.
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { stat } = promises;
promises.stat = async (...input) => {
  const found = await stat(...input);
  return Object.assign(found, { mode: found.mode | 0o777 });
};
syncBuiltinESMExports();
