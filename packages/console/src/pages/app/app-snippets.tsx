import type { AppRecord } from '@myriad/contracts';
import { CodeSample } from '../../ui/code-sample.tsx';
import { useWords } from '../../words/define-words.ts';
import { appWords } from './words.ts';

/** How programs reach the app: the same by curl, the openai package and our SDK. */
export function AppSnippets({ app }: { readonly app: AppRecord }) {
  const say = useWords(appWords);
  const origin = location.origin;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <p className="text-soft">{say('useUnder')}</p>
      <CodeSample
        title={say('curl')}
        code={`curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer sk-…" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "app:${app.name}", "messages": [{"role": "user", "content": "Hello"}], "stream": true}'`}
      />
      <CodeSample
        title={say('openai')}
        code={`import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: 'sk-…' });
const answer = await client.chat.completions.create({
  model: 'app:${app.name}',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`}
      />
      <CodeSample
        title={say('sdk')}
        code={`import { createMyriad } from '@myriad/sdk';

const myriad = createMyriad({ baseUrl: '${origin}', key: '…' });
const { variant } = await myriad.assignment('${app.name}', 'user-42');
await myriad.kpi.send([
  { id: 'order-7', kpi: 'refund_cycle_hours', unit: 'user-42', value: 3.5, time: Date.now() },
]);`}
      />
    </div>
  );
}
