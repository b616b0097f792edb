import type { FileToParse } from '../parse/blocks.ts';
import { layOutText } from '../parse/lay-out-text.ts';
import { ParseFailure } from '../parse/parse-failure.ts';
import { parseFile } from '../parse/parse-file.ts';
import { detectLanguage } from '../split/detect-language.ts';
import { passageId, passageWords } from '../split/passage-words.ts';
import { splitPassages } from '../split/split-passages.ts';
import type { ParseJob, ParserAnswer, WirePassage } from './wire.ts';

/** Longest text that one document may have, in characters: about 10,000 printed pages. */
const longestText = 30_000_000;

/** Reads one file, cuts it into passages and segments their words; what the parser process answers, in order. */
export async function* readDocument(job: ParseJob, bytes: FileToParse['bytes']): AsyncGenerator<ParserAnswer> {
  try {
    const parsed = await parseFile({ name: job.name, bytes }, job.mediaType ?? undefined);
    const laidOut = layOutText(parsed.blocks);
    const { text, pageStarts } = laidOut;
    if (text.length > longestText)
      throw new ParseFailure(
        'parse_limit',
        `The text has ${text.length.toLocaleString('en')} characters; the limit is ${longestText.toLocaleString('en')}. Split the file.`,
      );
    for (let at = 0; at < text.length; at += 1_000_000) yield { kind: 'text', text: text.slice(at, at + 1_000_000) };
    yield* passageAnswers(job, text, splitPassages(laidOut));
    const { mediaType, pages, remark } = parsed;
    yield { kind: 'done', mediaType, language: detectLanguage(text), pages, pageStarts, remark };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    yield { kind: 'failed', code: error.code, reason: error.message };
  }
}

function* passageAnswers(job: ParseJob, text: string, cuts: ReturnType<typeof splitPassages>): Generator<ParserAnswer> {
  const seen = new Map<string, number>();
  let passages: WirePassage[] = [];
  for (const { start, end, page, headings } of cuts) {
    const own = text.slice(start, end);
    const occurrence = seen.get(own) ?? 0;
    seen.set(own, occurrence + 1);
    const id = passageId(job.documentId, own, occurrence);
    passages.push({ id, start, end, page, headings, words: passageWords(own, headings, job.name).join(' ') });
    if (passages.length >= 500) {
      yield { kind: 'passages', passages };
      passages = [];
    }
  }
  if (passages.length > 0) yield { kind: 'passages', passages };
}
