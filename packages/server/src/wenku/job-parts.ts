import {
  docFromMarkdown,
  outlinePrompt,
  placeCitations,
  readOutline,
  rewritePrompt,
  sectionPrompt,
  slidesFromDoc,
  translatePrompt,
  unfenced,
  type WritingSetting,
} from '@myriad/builtin/wenku';
import type { ChatMessage, WenkuContent, WenkuJob, WenkuJobInput, WenkuJobKind, WenkuPart } from '@myriad/contracts';

const part = (title: string): WenkuPart => ({
  title,
  status: 'waiting',
  text: '',
  citations: [],
  runId: null,
  model: null,
  costMicros: null,
  currency: null,
});

/** Blocks of a translation that go to a model together: small enough to be whole, large enough to have a context. */
const blocksTogether = 1_500;

export function groupBlocks(blocks: readonly string[]): readonly string[] {
  const groups: string[] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (last !== undefined && last.length + block.length < blocksTogether)
      groups[groups.length - 1] = `${last}\n\n${block}`;
    else groups.push(block);
  }
  return groups;
}

/** The runs that a job is made of. A translation's part bears its original as its title. */
export function partsOf(kind: WenkuJobKind, input: WenkuJobInput): readonly WenkuPart[] {
  if (kind === 'draft') return (input.outline ?? []).map(({ title }) => part(title));
  if (kind === 'translate') return groupBlocks(input.blocks ?? []).map(part);
  return [part(input.text ?? '')];
}

const says = (text: string): ChatMessage => ({ role: 'user', content: [{ type: 'text', text }] });

/** What the app is asked for a part. The last message is short: passages are searched by it. */
export function messagesOf(job: WenkuJob, at: number, setting: WritingSetting): readonly ChatMessage[] {
  const { input } = job;
  if (job.kind === 'outline') return [says(outlinePrompt(setting, input)), says(input.text ?? setting.title)];
  if (job.kind === 'rewrite') return [says(rewritePrompt(input))];
  if (job.kind === 'translate') return [says(translatePrompt(input.into ?? 'en', job.parts[at]?.title ?? ''))];
  if (job.kind === 'ask') return [says(input.text ?? '')];
  const item = input.outline?.[at];
  return [
    says(sectionPrompt(setting, input, input.outline ?? [], at)),
    says([item?.title ?? '', ...(item?.points ?? [])].join('. ')),
  ];
}

/** The outline that a finished `outline` job made. */
export const outlineOfJob = (job: WenkuJob) => readOutline(unfenced(job.parts[0]?.text ?? ''));

/** A document with a written section at its end. */
export function withSection(content: WenkuContent, written: WenkuPart): WenkuContent {
  const doc = docFromMarkdown(unfenced(written.text));
  if (content.type === 'doc')
    return { type: 'doc', content: [...content.content, ...placeCitations(doc.content, written.citations)] };
  const used = content.slides.map(({ id }) => Number(/^s(\d+)$/.exec(id)?.[1] ?? 0));
  const named = written.citations.map(({ documentName, page }) => `${documentName}${page ? `, ${page}` : ''}`);
  const slides = slidesFromDoc({ type: 'doc', content: placeCitations(doc.content, []) }, Math.max(0, ...used) + 1).map(
    (slide, index) =>
      index > 0 || named.length === 0
        ? slide
        : { ...slide, notes: `${slide.notes}\n[${[...new Set(named)].join('; ')}]`.trim() },
  );
  return { ...content, slides: [...content.slides, ...slides] };
}
