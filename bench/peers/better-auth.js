// Better Auth as its guide sets it up, with three advantages: its limits are off, its file is not
// encrypted, and it does not sync every commit. Its hash is the same bcrypt as that of the others.
import { createServer } from 'node:http';
import bcrypt from '@node-rs/bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import Database from 'better-sqlite3';

const port = Number(process.env.PORT);
const cost = Number(process.env.BCRYPT_COST);
const database = new Database(process.env.DATABASE_FILE);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = NORMAL');

const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret: process.env.SECRET,
  database,
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => bcrypt.hash(password, cost),
      verify: ({ hash, password }) => bcrypt.verify(password, hash),
    },
  },
});
await (await getMigrations(auth.options)).runMigrations();

const endpoints = toNodeHandler(auth);
createServer((incoming, outgoing) => {
  void (incoming.url === '/guarded' ? guarded(incoming, outgoing) : endpoints(incoming, outgoing));
}).listen(port, '127.0.0.1');

async function guarded(incoming, outgoing) {
  // What an application’s own routes do: call in the process, without the endpoint.
  const session = await auth.api.getSession({ headers: fromNodeHeaders(incoming.headers) });
  outgoing
    .writeHead(session ? 200 : 401, { 'Content-Type': 'application/json' })
    .end(JSON.stringify(session));
}
