/** `POST /v1/audio/speech`, `/v1/audio/transcriptions` and `/v1/audio/translations`, passed through. */
import { open } from 'node:fs/promises';
import { estimateTokens } from '@myriad/kernel';
import type { House } from '../house.ts';
import { bad, object, text } from '../http/checks.ts';
import { allow, authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import { measureAnswer } from './measure-answer.ts';
import { passMedia } from './pass-media.ts';
import { type FormFile, withForm, wordsOf } from './receive-form.ts';
import { writeForm } from './write-form.ts';

export async function createSpeech(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'model.use', { type: 'house' });
  const body = object(await readJsonBody(house, exchange), 'body');
  const model = text(body.model, 'model');
  if (!model) throw bad('model', 'Expected the name of a model that speaks.');
  const spoken = text(body.input, 'input');
  if (!spoken) throw bad('input', 'Expected the text to speak.');
  const instructions = text(body.instructions, 'instructions');
  const words = { input: spoken, ...(instructions ? { instructions } : {}) };
  await passMedia(house, exchange, subject, model, words, ({ input = '', ...more }) => {
    const characters = [...input].length;
    return {
      capability: 'speech',
      path: '/audio/speech',
      body(upstreamModel) {
        const bytes = Buffer.from(JSON.stringify({ ...body, input, ...more, model: upstreamModel }));
        return { contentType: 'application/json', sizeBytes: bytes.length, open: () => bytes };
      },
      most: { characters, inputTokens: estimateTokens(input) * 4 + 64 },
      tap: (contentType) => measureAnswer(contentType, { asked: { characters }, doubt: null }),
    };
  });
}

/** Speech packed tighter than this is not understood by anyone (Opus at 6 kbit/s). */
const leastBytesPerSecond = 750;
/** 128 kbit/s, for a recording whose length neither its head nor the server tells. */
const usualBytesPerSecond = 16_000;

const fromForm = (path: string) => async (house: House, exchange: Exchange) => {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'model.use', { type: 'house' });
  await withForm(house, exchange, async (form) => {
    const model = form.value('model');
    if (!model) throw bad('model', 'Expected the name of a model that transcribes.');
    const file = form.files.find(({ field }) => field === 'file');
    if (!file) throw bad('file', 'Expected a recording.');
    const told = await waveSeconds(file);
    const asked = { seconds: told ?? file.sizeBytes / usualBytesPerSecond };
    const doubt = told === null ? `the length is reckoned from ${file.sizeBytes} bytes` : null;
    await passMedia(house, exchange, subject, model, wordsOf(form), (words) => ({
      capability: 'transcribe',
      path,
      body: (upstreamModel) => writeForm(form, { ...words, model: upstreamModel }),
      most: {
        seconds: told ?? file.sizeBytes / leastBytesPerSecond,
        inputTokens: estimateTokens(words.prompt ?? '') * 4 + 64,
      },
      tap: (contentType) => measureAnswer(contentType, { asked, doubt }),
    }));
  });
};

export const transcribe = fromForm('/audio/transcriptions');
export const translate = fromForm('/audio/translations');

/** Length of an uncompressed recording by its head (RIFF/WAVE, `fmt ` chunk first); null for any other file. */
async function waveSeconds({ path, sizeBytes }: FormFile): Promise<number | null> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(44);
    const { bytesRead } = await file.read(head, 0, 44, 0);
    if (bytesRead < 44 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 16) !== 'WAVEfmt ')
      return null;
    const bytesPerSecond = head.readUInt32LE(28);
    // A head that promises more than there is, or a rate of nothing, is not believed.
    return bytesPerSecond < leastBytesPerSecond ? null : (sizeBytes - 44) / bytesPerSecond;
  } finally {
    await file.close();
  }
}
