/** Search: a question becomes a governed run of the app `search`, in a conversation that is its history. */
import {
  type AskSearch,
  type Caller,
  type Conversation,
  MyriadError,
  newId,
  type SearchRecord,
  type SearchScope,
  type SearchShare,
  type SearchSuggestion,
  type SharedSearch,
  type StartedSearch,
  type Subject,
} from '@myriad/contracts';
import { pathTo } from '../chat/chat-history.ts';
import { findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import { collectionsNamed, readableCollections } from './readable-scope.ts';
import { watchSearch } from './search-record.ts';

export const searchApp = 'search';

const everything: SearchScope = { collections: [], filter: {}, web: false };

/**
 * Starts a search, or asks on in one. The answer is followed like any answer of a conversation.
 *
 * @throws MyriadError `not_found` for a collection, conversation or message that is not the person's.
 */
export async function startSearch(
  house: House,
  subject: Subject,
  caller: Caller,
  asked: AskSearch,
  conversation: Conversation | null,
): Promise<StartedSearch> {
  const app = await findApp(house, searchApp);
  const scope: SearchScope = { ...everything, ...asked.scope };
  const depth = asked.depth ?? 'balanced';
  const language = asked.language ?? house.config.language;
  const collections = collectionsNamed(await readableCollections(house, subject), scope.collections);
  const talk = conversation ?? (await newConversation(house, caller.actorId, app.id));
  const parentId = asked.parentId === undefined ? await newestAnswer(house, talk) : asked.parentId;
  const watch = watchSearch({ question: asked.question, depth, scope }, language);
  const sent = await house.chats.send({
    conversation: talk,
    app,
    caller,
    request: { parentId, text: asked.question },
    attachments: [],
    collectionIds: collections.map(({ id }) => id),
    language,
    search: { depth, filter: scope.filter, web: scope.web },
    watch: watch.add,
    keep: async (answer) => {
      await house.store.search.saveRecord(watch.record(answer));
    },
  });
  if (!sent.user) throw new MyriadError('internal', 'A question was sent and none was kept.');
  const kept = (await house.store.conversations.get(talk.id)) ?? talk;
  return { conversation: kept, user: sent.user, answer: sent.answer };
}

async function newConversation(house: House, ownerId: string, appId: string): Promise<Conversation> {
  const now = house.clock.now();
  const made: Conversation = {
    id: newId('conv', house.clock, house.random),
    ownerId,
    appId,
    title: '',
    activeLeaf: null,
    createdAt: now,
    updatedAt: now,
    pinned: false,
  };
  await house.store.conversations.save(made);
  return made;
}

async function newestAnswer(house: House, { id, activeLeaf }: Conversation): Promise<string | null> {
  const messages = await house.store.conversations.messages(id);
  return pathTo(messages, activeLeaf).findLast(({ role }) => role === 'assistant')?.id ?? null;
}

const mostSuggestions = 8;

/** Completions of what is being typed: the person's own questions, names of documents, headings; all of what they may read. */
export async function suggest(
  house: House,
  subject: Subject,
  ownerId: string,
  typed: string,
): Promise<readonly SearchSuggestion[]> {
  const text = typed.trim();
  if (text.length < 2) return [];
  const app = await findApp(house, searchApp);
  const collectionIds = (await readableCollections(house, subject)).map(({ id }) => id);
  const [history, names, found] = await Promise.all([
    house.store.conversations.list({ ownerId, appId: app.id, search: text, limit: 20 }),
    house.store.knowledge.documentNames({ part: text, collectionIds, limit: 4 }),
    house.knowledge.retrieve({ query: text, collectionIds, limit: 6 }),
  ]);
  const lower = text.toLowerCase();
  const items: SearchSuggestion[] = [
    ...history.items
      .filter(({ title }) => title.toLowerCase().includes(lower))
      .slice(0, 3)
      .map(({ title }): SearchSuggestion => ({ text: title, from: 'history', of: null })),
    ...names.map((name): SearchSuggestion => ({ text: name, from: 'document', of: null })),
    ...found.passages.flatMap(({ headings, documentName }): SearchSuggestion[] => {
      const heading = headings.at(-1);
      return heading ? [{ text: heading, from: 'heading', of: documentName }] : [];
    }),
  ];
  const byText = new Map(items.reverse().map((item) => [item.text.toLowerCase(), item]));
  return [...byText.values()].reverse().slice(0, mostSuggestions);
}

/** Makes the share of a search, or changes who may open it. */
export async function shareSearch(
  house: House,
  conversation: Conversation,
  readers: readonly string[],
): Promise<SearchShare> {
  const known = await house.store.search.shareOf(conversation.id);
  const share: SearchShare = known
    ? { ...known, readers }
    : {
        id: newId('shr', house.clock, house.random),
        conversationId: conversation.id,
        ownerId: conversation.ownerId,
        readers,
        createdAt: house.clock.now(),
      };
  await house.store.search.saveShare(share);
  return share;
}

/**
 * A shared search as this reader may see it. An answer is shown only when every source that its run was given may be read
 * by the reader too, since any of them may have shaped its words; the question alone is left of others.
 */
export async function readShared(house: House, subject: Subject, share: SearchShare): Promise<SharedSearch> {
  const { store, org } = house;
  const conversation = await store.conversations.get(share.conversationId);
  if (!conversation) throw new MyriadError('not_found', 'There is no such shared search.');
  const [messages, records, owner, readable] = await Promise.all([
    store.conversations.messages(conversation.id),
    store.search.records(conversation.id),
    store.org.person(share.ownerId),
    readableCollections(house, subject),
  ]);
  const mayRead = new Set(['web', ...readable.map(({ id }) => id)]);
  const isOwner = org.principalsOf(subject).includes(`person:${share.ownerId}`);
  const visible = (record: SearchRecord | undefined) =>
    record !== undefined && (isOwner || record.sources.every(({ passage }) => mayRead.has(passage.collectionId)));
  const turns: SharedSearch['turns'][number][] = [];
  let question = '';
  for (const message of pathTo(messages, conversation.activeLeaf)) {
    if (message.role === 'user') {
      question = message.text;
      continue;
    }
    const record = records.find(({ messageId }) => messageId === message.id);
    const shown = visible(record);
    turns.push({ question, answer: shown ? house.chats.present(message) : null, record: (shown && record) || null });
  }
  return { share, title: conversation.title, by: owner?.name ?? '', turns };
}
