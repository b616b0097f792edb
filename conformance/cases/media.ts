/** Groups 6 and 14: images, PDF and audio, in the body and as files of a form. */
import assert from 'node:assert/strict';
import type { Wire, WireAnswer, WireRoute } from '../wire.ts';
import type { WireCase } from './case.ts';

const pdf = Buffer.from('%PDF-1.4\n%%EOF').toString('base64');
const png = 'iVBORw0KGgo=';
const wav = Buffer.from('RIFF\0\0\0\0WAVE').toString('base64');

/** What was sent reached the server, or the caller was told with 4xx that it cannot; never dropped on the way. */
async function carriedOrRefused(
  wire: Wire,
  ask: () => Promise<WireAnswer>,
  carried: (sent: string) => boolean,
): Promise<void> {
  let answer: WireAnswer | null = null;
  const calls = await wire.during(async () => {
    answer = await ask();
  });
  const { status } = answer as unknown as WireAnswer;
  if (status >= 400 && status < 500) {
    assert.equal(calls.length, 0, 'it was refused only after the server had been asked');
    return;
  }
  assert.equal(status, 200);
  assert.ok(carried(JSON.stringify(calls.at(-1)?.body)), 'it was dropped on the way');
}

const part = (name: string, content: object, sign: string): WireCase => ({
  group: 6,
  name,
  check: (wire) =>
    carriedOrRefused(
      wire,
      () =>
        wire.chat('plain', {
          messages: [{ role: 'user', content: [{ type: 'text', text: 'case:plain' }, content] }],
        }),
      (sent) => sent.includes(sign),
    ),
});

const block = (name: string, content: object, sign: string, needs?: 'anthropic'): WireCase => ({
  group: 6,
  name,
  ...(needs ? { needs } : {}),
  check: (wire) => {
    const route: WireRoute = needs ? wire.route(needs) : wire.target;
    const messages = [{ role: 'user', content: [content, { type: 'text', text: 'case:plain' }] }];
    return carriedOrRefused(
      wire,
      () => wire.messages('plain', { messages }, route),
      (sent) => sent.includes(sign),
    );
  },
});

export const mediaCases: readonly WireCase[] = [
  part(
    'a PDF in the body reaches the server, or is refused with 4xx',
    { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
    pdf,
  ),
  part('a file by its id likewise', { type: 'file', file: { file_id: 'file-abc' } }, 'file-abc'),
  part('audio in the body likewise', { type: 'input_audio', input_audio: { data: wav, format: 'wav' } }, wav),
  part('a part of a kind that nobody knows likewise', { type: 'smell', smell: { of: 'rain' } }, 'smell'),
  block(
    'an image of Messages becomes an image of the server’s dialect',
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
    `data:image/png;base64,${png}`,
  ),
  block(
    'a PDF of Messages reaches a server of another dialect, or is refused with 4xx',
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
    pdf,
  ),
  block(
    'a PDF of Messages reaches a server of the same dialect',
    { type: 'document', title: 'A', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
    pdf,
    'anthropic',
  ),
  {
    group: 14,
    name: 'a file of a form reaches the server byte for byte, its fields beside it',
    needs: 'transcribe',
    async check(wire) {
      const route = wire.route('transcribe');
      const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 31) % 256));
      const form = new FormData();
      form.append('model', route.model);
      form.append('language', 'zh');
      form.append('file', new Blob([bytes], { type: 'audio/wav' }), '词.wav');
      const { status, json } = await wire.post('/v1/audio/transcriptions', null, {
        raw: form,
        headers: { ...route.headers, 'content-type': undefined },
      });
      assert.deepEqual([status, json?.text], [200, 'One two three.']);
      const sent = wire.lastCall();
      assert.ok(sent.bytes.includes(bytes), 'the file was changed');
      assert.match(sent.bytes.toString('latin1'), /name="language"[\s\S]{1,80}zh/);
      assert.match(sent.headers['content-type'] ?? '', /^multipart\/form-data; *boundary=/);
    },
  },
];
