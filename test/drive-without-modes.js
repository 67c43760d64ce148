// Loaded before the program: the file system as a process meets it on a Windows drive in WSL, where
// every file has mode 0777 and a `chmod` is without effect.
import fs, { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const everyone = (found) => Object.assign(found, { mode: found.mode | 0o777 });
for (const name of ['stat', 'lstat']) {
  const real = promises[name];
  promises[name] = async (...input) => everyone(await real(...input));
}
promises.chmod = async () => {};
const { statSync } = fs;
fs.statSync = (...input) => {
  const found = statSync(...input);
  return found && everyone(found);
};
syncBuiltinESMExports();
