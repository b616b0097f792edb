import type { Citation, SearchSource } from '@myriad/contracts';

const most = 3;
const longestHeading = 60;

const asking = {
  en: (heading: string, name: string) => `What does ${name} say about “${heading}”?`,
  zh: (heading: string, name: string) => `《${name}》关于“${heading}”是怎么说的？`,
} as const;

/**
 * Questions that the same documents can answer next: headings that stood beside what was found and were not cited. No
 * model is asked, so nothing is suggested that has no source.
 */
export function followUps(
  question: string,
  sources: readonly SearchSource[],
  citations: readonly Citation[],
  language: 'en' | 'zh',
): readonly string[] {
  const cited = new Set(citations.map(({ passageId }) => passageId));
  const asked = question.toLowerCase();
  const seen = new Set<string>();
  const found: string[] = [];
  for (const { passage, origin } of sources) {
    const heading = passage.headings.at(-1)?.trim() ?? '';
    const key = heading.toLowerCase();
    if (origin === 'web' || cited.has(passage.id) || heading.length < 2 || heading.length > longestHeading) continue;
    if (seen.has(key) || asked.includes(key)) continue;
    seen.add(key);
    const written = /\p{Script=Han}/u.test(heading) ? 'zh' : /\p{Script=Latin}/u.test(heading) ? 'en' : language;
    found.push(asking[written](heading, passage.documentName.replace(/\.[a-z0-9]{1,5}$/i, '')));
    if (found.length === most) break;
  }
  return found;
}
