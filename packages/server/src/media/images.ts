/** `POST /v1/images/generations`, `/v1/images/edits` and `/v1/images/variations`, passed through. */
import type { MediaRequest } from '@myriad/contracts';
import { estimateTokens } from '@myriad/kernel';
import type { House } from '../house.ts';
import { bad, integer, object, text } from '../http/checks.ts';
import { allow, authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import type { Words } from './guard-media.ts';
import { measureAnswer } from './measure-answer.ts';
import { passMedia } from './pass-media.ts';
import { withForm, wordsOf } from './receive-form.ts';
import { writeForm } from './write-form.ts';

const tokensPerInputImage = 8_192;
const mostImages = 10;

export async function generateImages(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'model.use', { type: 'house' });
  const body = object(await readJsonBody(house, exchange), 'body');
  const model = text(body.model, 'model');
  if (!model) throw bad('model', 'Expected the name of a model that makes images.');
  const prompt = text(body.prompt, 'prompt');
  if (!prompt) throw bad('prompt', 'Expected what the image shows.');
  const images = integer(body.n, 'n', 1, mostImages) ?? 1;
  await passMedia(house, exchange, subject, model, { prompt }, (words) => ({
    capability: 'image',
    path: '/images/generations',
    body(upstreamModel) {
      const bytes = Buffer.from(JSON.stringify({ ...body, ...words, model: upstreamModel }));
      return { contentType: 'application/json', sizeBytes: bytes.length, open: () => bytes };
    },
    most: { images, inputTokens: estimateTokens(words.prompt ?? '') * 4 + 64 },
    tap: (contentType) => measureAnswer(contentType, { asked: { images }, doubt: null }),
  }));
}

const fromForm =
  (path: string, needsPrompt: boolean) =>
  async (house: House, exchange: Exchange): Promise<void> => {
    const subject = await authenticate(house, exchange);
    allow(house, subject, 'model.use', { type: 'house' });
    await withForm(house, exchange, async (form) => {
      const model = form.value('model');
      if (!model) throw bad('model', 'Expected the name of a model that makes images.');
      if (needsPrompt && !form.value('prompt')) throw bad('prompt', 'Expected what is to change.');
      if (!form.files.some(({ field }) => field === 'image' || field === 'image[]'))
        throw bad('image', 'Expected a file.');
      const wanted = form.value('n');
      const images = (wanted === undefined ? undefined : integer(Number(wanted), 'n', 1, mostImages)) ?? 1;
      const requestOf = (words: Words): MediaRequest => ({
        capability: 'image',
        path,
        body: (upstreamModel) => writeForm(form, { ...words, model: upstreamModel }),
        most: {
          images,
          inputTokens: estimateTokens(words.prompt ?? '') * 4 + 64 + form.files.length * tokensPerInputImage,
        },
        tap: (contentType) => measureAnswer(contentType, { asked: { images }, doubt: null }),
      });
      await passMedia(house, exchange, subject, model, wordsOf(form), requestOf);
    });
  };

export const editImages = fromForm('/images/edits', true);
export const varyImages = fromForm('/images/variations', false);
