import { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { screens } from '../../../src/api/screens.ts';
import { routeTree } from '../routes.ts';
import { safePath } from './safe-path.ts';

beforeEach(() => vi.stubGlobal('window', { location: { origin: 'https://flowcept.example' } }));
afterEach(() => vi.unstubAllGlobals());

test.each([
  ['/security?run=1#tls', '/security?run=1#tls'],
  ['/account#providers', '/account#providers'],
  ['/security/claims/session-cookies', '/security/claims/session-cookies'],
  ['/%68ome?x=%2F', '/home?x=%2F'],
  ['/nowhere/../home', '/home'],
])('accepts %j as a screen or page', (wanted, path) => {
  expect(safePath(wanted)).toBe(path);
});

test('accepts every screen of the app and no other path', () => {
  const drawn = Object.keys(
    createRouter({ routeTree, context: { queryClient: new QueryClient() } }).routesByPath,
  );
  expect(drawn.toSorted()).toEqual([...screens].toSorted());
});

test.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/..//evil.example',
  '/%2e%2e//evil.example',
  '/x\r\nSet-Cookie:a',
  '/api/sign-out',
  '/%61pi/sign-out',
  '/%2561pi/sign-out',
  '/api%2fsign-out',
  '/home/',
  '/home/x',
  '/HOME',
  '/home%2f..%2fapi',
  '/home%00',
  '/%',
  '/sandbox/mailbox',
  '/openapi.json',
  '/assets/x.js',
  '/security/claims/',
  '/security/claims/a%2fb',
  '/nowhere',
  'https://evil.example/',
  'javascript:alert(1)',
  'home',
  '',
  undefined,
  ['/home'],
])('rejects %j', (wanted) => {
  expect(safePath(wanted)).toBeNull();
});
