import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { isBlockedAddress } from './blocked-address.ts';
import { pageFetcher } from './fetch-page.ts';
import type { GuardOptions } from './guarded-agent.ts';
import { readInWorker } from './read-in-worker.ts';

const signal = new AbortController().signal;
const failing = (code: string) => expect.objectContaining({ code });
const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<{ port: number; hits: string[] }> {
  const hits: string[] = [];
  const server: Server = createServer((request, response) => {
    hits.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, hits };
}

function fetcher(options: GuardOptions) {
  const fetchPage = pageFetcher(options);
  closers.push(() => fetchPage.close());
  return fetchPage;
}

/** 127.0.0.1 plays the public internet; every other address is judged as always. */
const openTo = { isBlocked: (address: string) => address !== '127.0.0.1' && isBlockedAddress(address) };
const answering = (...addresses: string[]): LookupFunction =>
  ((_host, _options, callback) =>
    (callback as (error: null, list: object[]) => void)(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as LookupFunction;
const html: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end('<title>Hi</title><p>Body</p>');
};

describe('[S1] addresses that are not the public internet are blocked in every way of writing them', () => {
  const blocked = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.5',
    '224.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    '[::1]',
    'fec0::1',
    '',
    'localhost',
    'example.org',
    '127.1',
    '0x7f000001',
  ];
  const open = [
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '::ffff:1.1.1.1',
    '64:ff9b::808:808',
    '2400:3200::1',
  ];
  for (const address of blocked)
    test(`${address || '(empty)'} is blocked`, () => expect(isBlockedAddress(address)).toBe(true));
  for (const address of open) test(`${address} is open`, () => expect(isBlockedAddress(address)).toBe(false));
});

describe('[S2] a request never reaches a blocked server', () => {
  const ways = (port: number) => [
    `http://127.0.0.1:${port}/`,
    `http://localhost:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://[::ffff:7f00:1]:${port}/`,
    `http://0x7f000001:${port}/`,
    `http://2130706433:${port}/`,
    `http://127.1:${port}/`,
    `http://0:${port}/`,
  ];
  test('however its address is written', async () => {
    const { port, hits } = await serve(html);
    const fetchPage = fetcher({});
    for (const url of ways(port)) await expect(fetchPage(url, signal), url).rejects.toEqual(failing('address_blocked'));
    expect(hits).toEqual([]);
  });

  test('nor by a redirect from an open one, on any hop', async () => {
    const target = await serve(html, '127.0.0.2');
    const { port } = await serve((request, response) => {
      const hop = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('hop') ?? 0);
      const location =
        hop < 2
          ? `/?hop=${hop + 1}&to=${encodeURIComponent(new URL(request.url ?? '/', 'http://x').searchParams.get('to') ?? '')}`
          : (new URL(request.url ?? '/', 'http://x').searchParams.get('to') ?? '');
      response.writeHead(302, { location }).end();
    });
    const fetchPage = fetcher(openTo);
    for (const to of [
      `http://127.0.0.2:${target.port}/`,
      `http://[::ffff:127.0.0.2]:${target.port}/`,
      `http://[::1]:${target.port}/`,
      'http://169.254.169.254/latest/meta-data/',
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
    ]) {
      const url = `http://127.0.0.1:${port}/?to=${encodeURIComponent(to)}`;
      await expect(fetchPage(url, signal), to).rejects.toEqual(failing('address_blocked'));
    }
    expect(target.hits).toEqual([]);
  });

  test('nor by a name that resolves to it, alone or beside an open address', async () => {
    const { port, hits } = await serve(html, '127.0.0.2');
    for (const addresses of [['127.0.0.2'], ['127.0.0.1', '127.0.0.2'], ['::ffff:127.0.0.2'], []]) {
      const fetchPage = fetcher({ ...openTo, lookup: answering(...addresses) });
      await expect(fetchPage(`http://public.example:${port}/`, signal)).rejects.toEqual(failing('address_blocked'));
    }
    expect(hits).toEqual([]);
  });

  test('nor when the address turns out blocked only at the connected socket', async () => {
    const { port, hits } = await serve(html);
    let looks = 0;
    const isBlocked = () => {
      looks += 1;
      return looks > 1;
    };
    const fetchPage = fetcher({ isBlocked, lookup: answering('127.0.0.1') });
    await expect(fetchPage(`http://public.example:${port}/`, signal)).rejects.toEqual(failing('address_blocked'));
    expect(looks).toBe(2);
    expect(hits).toEqual([]);
  });

  test('and passwords in addresses and other schemes are refused', async () => {
    const fetchPage = fetcher({});
    for (const url of [
      'http://a:b@example.org/',
      'ftp://example.org/',
      'data:text/html,x',
      'javascript:1',
      'nonsense',
    ]) {
      await expect(fetchPage(url, signal), url).rejects.toEqual(failing('address_blocked'));
    }
  });
});

describe('[S3] a page is read within limits', () => {
  const get = async (listener: RequestListener, path = '/') => {
    const { port } = await serve(listener);
    return fetcher({ ...openTo, lookup: answering('127.0.0.1') })(`http://public.example:${port}${path}`, signal);
  };
  const typed =
    (type: string, body: string | Buffer, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) => {
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    };

  test('readable text, without scripts, in the charset that the page names', async () => {
    const article = 'The article says something worth reading, at some length. '.repeat(12);
    const page = `<title>News</title><script>steal()</script><nav>menu</nav><article><h1>Head</h1><p>${article}</p></article>`;
    const read = await get(typed('text/html; charset=utf-8', page));
    expect(read.text).toContain('worth reading');
    expect(read.text).not.toMatch(/steal|News/);
    expect(read.title).toBe('News');
    const gbk = Buffer.from('d6d0ceC4cdf8d2b3'.toLowerCase(), 'hex');
    expect((await get(typed('text/plain; charset=gbk', gbk))).text).toBe('中文网页');
  });

  test('a redirect is followed and the last address is told', async () => {
    const read = await get((request, response) => {
      if (request.url === '/') response.writeHead(301, { location: '/there' }).end();
      else typed('text/plain', 'here')(request, response);
    });
    expect(read).toMatchObject({ url: expect.stringMatching(/\/there$/), text: 'here' });
  });

  test('too many redirects, too many bytes (also after decompression), other types and errors are refused', async () => {
    const loop: RequestListener = (_request, response) => response.writeHead(302, { location: '/' }).end();
    await expect(get(loop)).rejects.toEqual(failing('upstream_error'));
    const large = Buffer.alloc(3 * 1024 * 1024, 'a');
    await expect(get(typed('text/plain', large))).rejects.toEqual(failing('body_too_large'));
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    await expect(get(typed('text/plain', bomb, { 'content-encoding': 'gzip' }))).rejects.toEqual(
      failing('body_too_large'),
    );
    await expect(get(typed('application/pdf', 'x'))).rejects.toEqual(failing('unsupported_media_type'));
    await expect(get((_request, response) => response.writeHead(404).end())).rejects.toEqual(failing('upstream_error'));
  });

  test('a page that is too deep, too slow or too large for its parser costs the page and not the node', async () => {
    const read = (source: string, limits: { parseMs: number; memoryMb: number }) =>
      readInWorker(Buffer.from(source), 'text/html', 'text/html', signal, limits);
    const large = '<p>word</p>'.repeat(150_000);
    await expect(read(large, { parseMs: 60_000, memoryMb: 8 })).rejects.toEqual(failing('parse_limit'));
    await expect(read(large, { parseMs: 20, memoryMb: 128 })).rejects.toEqual(failing('parse_limit'));
    const deep = '<div>'.repeat(100_000);
    const codeOfDeep = await read(deep, { parseMs: 1_000, memoryMb: 128 }).then(
      () => 'read',
      (error) => error.code,
    );
    expect(['parse_limit', 'parse_failed']).toContain(codeOfDeep);
    expect((await read('<p>Still here</p>', { parseMs: 20_000, memoryMb: 128 })).text).toBe('Still here');
  });

  test('a caller that goes away ends it', async () => {
    const { port } = await serve(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const reading = fetcher(openTo)(`http://127.0.0.1:${port}/`, controller.signal);
    await expect(reading).rejects.toEqual(failing('aborted'));
  });
});
