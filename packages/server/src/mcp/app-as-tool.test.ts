import { expect, test } from 'vitest';
import { inputSchemaOf, nameInUri, uriOf } from './app-as-tool.ts';

test('an app without inputs takes a message and nothing else', () => {
  expect(inputSchemaOf(null, 'en')).toMatchObject({
    type: 'object',
    properties: { message: { type: 'string' } },
    required: ['message'],
    additionalProperties: false,
  });
});

test('an input of the name `message` is the message, with the manifest’s own rule', () => {
  const own = { type: 'object', properties: { message: { type: 'string', maxLength: 9 } }, required: ['message'] };
  expect(inputSchemaOf(own, 'en')).toMatchObject({
    properties: { message: { maxLength: 9 } },
    required: ['message'],
  });
});

test('an app’s address leads back to its name; other addresses lead nowhere', () => {
  expect(nameInUri(uriOf({ name: 'a b/ü' }))).toBe('a b/ü');
  for (const uri of ['', 'myriad://apps/', 'myriad://models/x', 'file:///etc/passwd', 'myriad://apps/%E0%A4%A'])
    expect(nameInUri(uri)).toBeNull();
});
