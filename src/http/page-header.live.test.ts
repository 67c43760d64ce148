import { expect, it } from 'vitest';
import { deployed } from '../../test/deployment.ts';
import { onLibsql } from '../../test/on-both-stores.ts';

const pages = [
  '/',
  '/security',
  '/security/claims/tls',
  '/docs',
  '/problems',
  '/problems/not-found',
  '/nothing-here',
  '/sandbox/mailbox',
  '/sandbox/nothing-here',
];
const html = { Accept: 'text/html' };

onLibsql('the header of a public page', (database) => {
  const deployment = deployed(database);
  /** The header of the page, up to its content. */
  const headerIn = (page: string) => page.slice(0, page.indexOf('<main'));

  it.each(pages)('of %s offers a user who is signed in the way home', async (path) => {
    const visitor = deployment().visitor();
    const before = await visitor.get(path, html);
    expect(headerIn(before.body)).toContain('href="/sign-in"');
    await visitor.join(`${path.replaceAll('/', '-')}@example.org`.replace(/^-?/, 'a'));
    const { body, headers } = await visitor.get(path, html);
    expect(headerIn(body)).toContain('href="/home"');
    expect(headerIn(body)).not.toContain('href="/sign-in"');
    expect(headers.get('cache-control')).toMatch(/^(private, no-cache|no-store)$/);
    await visitor.post('/api/sign-out');
    expect(headerIn((await visitor.get(path, html)).body)).toContain('href="/sign-in"');
  });

  it('of the error for a wrong host does not show who is signed in, because it reads no session', async () => {
    const visitor = deployment().visitor();
    await visitor.join('refused@example.org');
    const { status, body } = await visitor.get('/', { ...html, Host: 'elsewhere.test' });
    expect(status).toBe(421);
    expect(headerIn(body)).toContain('href="/sign-in"');
  });
});
