/** What people asked for and no app served well: like questions together, counted, masked, with a draft of an app. */
import type { DemandCluster, UnservedQuestion } from '@myriad/contracts';
import { maskText } from './mask-text.ts';

const likeEnough = 0.5;
const mostExamples = 5;

interface Group {
  readonly terms: ReadonlySet<string>;
  readonly members: UnservedQuestion[];
}

/**
 * Groups by shared words (Jaccard of word sets, pairs of characters for Chinese), each question joining the first group
 * that is like enough; largest groups first.
 */
export function clusterQuestions(
  questions: readonly UnservedQuestion[],
  appName: (appId: string) => string,
): readonly DemandCluster[] {
  const groups: Group[] = [];
  for (const question of questions) {
    const terms = termsOf(question.text);
    if (terms.size === 0) continue;
    // Another question after an answer is no complaint, unless it asks for the same again.
    if (question.followedBy !== undefined && likeness(terms, termsOf(question.followedBy)) < likeEnough) continue;
    const home = groups.find((group) => likeness(group.terms, terms) >= likeEnough);
    if (home) home.members.push(question);
    else groups.push({ terms, members: [question] });
  }
  return groups.map((group) => clusterOf(group, appName)).sort((a, b) => b.count - a.count || b.lastTime - a.lastTime);
}

function clusterOf({ members }: Group, appName: (appId: string) => string): DemandCluster {
  const texts = members.map(({ text }) => maskText(text).replace(/\s+/g, ' ').slice(0, 240));
  const title = [...texts].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] as string;
  const count = (reason: UnservedQuestion['reason']) => members.filter((member) => member.reason === reason).length;
  const examples = members.slice(0, mostExamples).map((member, index) => ({
    text: texts[index] as string,
    time: member.time,
    app: appName(member.appId),
  }));
  return {
    id: [...termsOf(title)].sort().slice(0, 4).join('-'),
    title,
    count: members.length,
    people: new Set(members.map(({ personId }) => personId)).size,
    reasons: {
      notFound: count('notFound'),
      thumbsDown: count('thumbsDown'),
      errors: count('error'),
      rephrased: count('rephrased'),
      abandoned: count('abandoned'),
    },
    apps: [...new Set(members.map(({ appId }) => appName(appId)))],
    examples,
    lastTime: Math.max(...members.map(({ time }) => time)),
    draftManifest: draftOf(title, examples),
  };
}

function draftOf(title: string, examples: DemandCluster['examples']): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words.slice(0, 4).join('-').slice(0, 48) || 'new-app';
  const quoted = (text: string) => JSON.stringify(text);
  return [
    'kind: App',
    `name: ${name}`,
    `description: ${quoted(`Answers questions such as: ${title}`)}`,
    'instructions: |',
    '  Answer from the documents only, and cite them. Say so when they do not hold the answer.',
    'knowledge: ["library:to-be-chosen"]',
    'starters:',
    ...examples.slice(0, 3).map(({ text }) => `  - ${quoted(text)}`),
    '',
  ].join('\n');
}

const stopWords = new Set(
  'a an and are can do does for from how i in is it me my of on or our please that the to we what when where which who why with you your'.split(
    ' ',
  ),
);

/** Words of a text without the commonest; Chinese as pairs of characters. */
export function termsOf(text: string): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) if (!stopWords.has(word)) terms.add(word);
  for (const run of text.match(/\p{Script=Han}+/gu) ?? []) {
    if (run.length === 1) terms.add(run);
    for (let at = 0; at + 2 <= run.length; at += 1) terms.add(run.slice(at, at + 2));
  }
  return terms;
}

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of other) if (one.has(term)) shared += 1;
  return shared / (one.size + other.size - shared);
}
