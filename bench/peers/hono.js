// The baseline: Hono on Node.js with nothing to do.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();
app.get('/', (context) =>
  context.json({ user: { id: '1', email: 'ada@example.org', name: 'Ada' } }),
);
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) });
