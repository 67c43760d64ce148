// The maximum rate of hashes on this machine: `node bcrypt-limit.js COST SECONDS`, eight at a time.
import bcrypt from '@node-rs/bcrypt';
import { hard } from './load.js';

const [cost, seconds] = process.argv.slice(2).map(Number);
console.log(await hard((n) => bcrypt.hash(`password ${n}`, cost), seconds));
