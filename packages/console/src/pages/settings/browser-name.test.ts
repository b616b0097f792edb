import { expect, test } from 'vitest';
import { browserName } from './browser-name.ts';

test('Chrome, which also says Safari, is Chrome', () => {
  expect(browserName('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36')).toBe(
    'Chrome, Windows',
  );
});

test('an unknown agent shows as it calls itself', () => {
  expect(browserName('robot/1.0')).toBe('robot/1.0');
});
