import { expect, test } from 'vitest';
import { errorsPage, writtenErrorsPage } from './generate-errors.ts';

test('docs/errors.md says what the catalogue says', () => {
  expect(writtenErrorsPage()).toBe(errorsPage());
});
