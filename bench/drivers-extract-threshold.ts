/**
 * Chooses the thresholds of `myriad/extract-1`: for each pair of floors, how many of 30 answerable questions get the right
 * sentence, how many of 30 unanswerable ones get a quote nevertheless, and how many sentences an answer has.
 *
 * node bench/drivers-extract-threshold.ts
 */
import { chooseQuotes } from '../packages/drivers/src/extract/choose-quotes.ts';
import { scorePassages } from '../packages/drivers/src/extract/score-passages.ts';
import { documents, questions } from '../packages/drivers/src/extract/threshold-questions.ts';

console.log('passage floor | sentence floor | share of best | right of 30 | false of 30 | quotes an answer');
for (const passageFloor of [0.4, 0.5, 0.6])
  for (const sentenceFloor of [0.2, 0.3, 0.35, 0.4, 0.5, 0.6])
    for (const shareOfBest of [0.4, 0.6, 0.8]) {
      let right = 0;
      let falseAnswers = 0;
      let quotes = 0;
      for (const { question, answer } of questions) {
        const passages = scorePassages(question, documents).slice(0, 5);
        const chosen = chooseQuotes(passages, { passageFloor, sentenceFloor, shareOfBest });
        if (answer === null) falseAnswers += chosen.length > 0 ? 1 : 0;
        else {
          quotes += chosen.length;
          if (chosen.some(({ passage, start, end }) => passage.text.slice(start, end).includes(answer))) right += 1;
        }
      }
      const row = [passageFloor, sentenceFloor, shareOfBest, right, falseAnswers, (quotes / 30).toFixed(2)];
      console.log(row.map((value) => String(value).padStart(8)).join(' | '));
    }
