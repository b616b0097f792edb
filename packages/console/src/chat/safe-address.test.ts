import { expect, test } from 'vitest';
import { safeImage, safeLink } from './safe-address.ts';

test.each([
  'javascript:alert(1)',
  ' jAvaScript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '/api/sign-out',
  '//evil.example',
  '',
])('the link %j opens nothing', (address) => {
  expect(safeLink(address)).toBeNull();
});

test('http, https and mailto open', () => {
  expect(['http://a.example/', 'https://a.example/', 'mailto:a@example.com'].map(safeLink)).not.toContain(null);
});

test('an image loads from this origin and from bytes in place, not from elsewhere and not as SVG', () => {
  const origin = 'http://127.0.0.1:8420';
  expect(safeImage('/api/documents/doc_1/original', origin)).toBe(`${origin}/api/documents/doc_1/original`);
  expect(safeImage('data:image/png;base64,AAAA', origin)).not.toBeNull();
  expect(safeImage('data:image/svg+xml;base64,AAAA', origin)).toBeNull();
  expect(safeImage('https://elsewhere.example/p.png', origin)).toBeNull();
});
