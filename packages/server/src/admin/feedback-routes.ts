import { maskText } from '@myriad/cockpit';
import { type GiveFeedback, MyriadError } from '@myriad/contracts';
import { Hono } from 'hono';
import { feedbackBytes, runFeedback } from '../chat/give-feedback.ts';
import { appObject, findApp } from '../find-app.ts';
import { type House, tenant } from '../house.ts';
import { type AdminEnv, actorOf, found, given, needHidden, readJson } from './context.ts';

const mostItems = 200;

/** A word on a run by whoever made it, and what was said of an app, for those who keep it. */
export function feedbackRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.post('/runs/:id/feedback', async (c) => {
    const subject = c.get('subject');
    if (subject.kind === 'nobody') throw new MyriadError('unauthenticated', 'Sign in first.');
    const run = await found(house.store.ledger.run(c.req.param('id')), 'run');
    const own =
      subject.kind === 'system' ||
      (subject.kind === 'person' && run.personId === subject.person.id) ||
      (subject.kind === 'key' && run.keyId === subject.key.id);
    if (!own) throw new MyriadError('not_found', 'There is no such run.');
    needHidden(house, c, 'app.use', appObject(await findApp(house, run.appId)), 'run');
    const { question, ...said } = await readJson(c, runFeedback, feedbackBytes);
    await house.feedback.give(
      {
        appId: run.appId,
        runId: run.id,
        messageId: null,
        actor: subject.kind === 'key' ? subject.key.id : actorOf(subject),
        question: question ?? null,
      },
      given(said) as GiveFeedback,
    );
    return c.json({ ok: true } as const);
  });
  routes.get('/apps/:app/feedback', async (c) => {
    if (c.get('subject').kind === 'nobody') throw new MyriadError('unauthenticated', 'Sign in first.');
    const app = await findApp(house, c.req.param('app'));
    needHidden(house, c, 'app.edit', appObject(app), 'app');
    const { items, ...sums } = await house.store.feedback.ofApp({ tenant, appId: app.id, limit: mostItems });
    const masked = (text: string | null) => (text === null ? null : maskText(text));
    return c.json({
      ...sums,
      items: items.map(({ id, runId, rating, comment, correction, question, createdAt }) => ({
        ...{ id: id.slice(0, id.indexOf('/')), runId, rating, createdAt },
        ...{ comment: masked(comment), correction: masked(correction), question: masked(question) },
      })),
    });
  });
  return routes;
}
