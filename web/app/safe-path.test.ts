import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { safePath } from './safe-path.ts';

beforeEach(() => vi.stubGlobal('window', { location: { origin: 'https://flowcept.example' } }));
afterEach(() => vi.unstubAllGlobals());

test('keeps a path within the app, with its query and fragment', () => {
  expect(safePath('/security?run=1#tls')).toBe('/security?run=1#tls');
});

test.each(['//evil.example', '/\\evil.example', '/\t/evil.example', '/..//evil.example', '/%2e%2e//evil.example', '/x\r\nSet-Cookie:a', '/api/sign-out', 'https://evil.example/', 'javascript:alert(1)', 'home', '', undefined, ['/home']])(
  'does not follow %j',
  (wanted) => {
    expect(safePath(wanted)).toBeNull();
  },
);
