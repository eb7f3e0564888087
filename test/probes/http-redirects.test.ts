import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../source/probes/http/cookie-jar.js';
import { deadPort, get, probeOf, web } from './http-servers.js';
import { runProbe } from './run-probe.js';

/** A server whose pages lead where they are said to; any other page is well. */
const site = (leads: (request: IncomingMessage) => OutgoingHttpHeaders | undefined) =>
  web((request, response) => {
    const head = leads(request);
    response.writeHead(head ? 302 : 200, head).end('ok');
  });
const pages = (to: Readonly<Record<string, string>>) =>
  site(({ url = '' }) => (to[url] === undefined ? undefined : { location: to[url] }));
const ask = (port: number, timeoutMs = 4_000) => get(`http://127.0.0.1:${port}/`, { timeoutMs });

describe('where a target redirects to', () => {
  it('is no failure where it is answered', async () => {
    const sample = await ask(await pages({ '/': '/a', '/a': '/b' }));
    expect(sample).toMatchObject({ ok: true, status: 302, failure: null });
    expect(sample.note).toMatch(/^redirects to http:\/\/127.0.0.1:\d+\/a$/);
  });

  it.each([
    [
      'itself',
      { '/': '/' },
      /^redirects for ever: after one step \S+ redirects to itself, and clients give up/,
    ],
    ['a circle', { '/': '/a', '/a': '/b', '/b': '/a' }, /after 3 steps \S+\/b leads back to \S+\/a, /],
  ])('fails with a redirect loop where it is %s', async (_, to, text) => {
    const { ok, status, failure } = await ask(await pages(to as Record<string, string>));
    expect({ ok, status }).toEqual({ ok: false, status: 302 });
    expect(failure).toMatchObject({ kind: 'redirect', short: 'a redirect loop' });
    expect(failure?.text).toMatch(text);
  });

  it('fails where it never ends, each page another', async () => {
    let page = 0;
    const { failure } = await ask(await site(() => ({ location: `/${page++}` })));
    expect(failure).toMatchObject({ kind: 'redirect', short: 'too many redirects' });
  });

  it('is no loop where the page that leads back sets a cookie', async () => {
    const port = await site(({ url, headers }) =>
      url === '/set'
        ? { location: '/', 'set-cookie': ['seen=1; Path=/; HttpOnly'] }
        : headers.cookie?.includes('seen=1')
          ? undefined
          : { location: '/set' },
    );
    expect((await ask(port)).failure).toBeNull();
  });

  it('fails with what stands there', async () => {
    const dead = await deadPort();
    const sick = await web((_, response) => response.writeHead(500).end());
    const silent = await web(() => undefined);
    const by = async (location: string) => (await ask(await pages({ '/': location }), 900)).failure;
    expect(await by(`http://127.0.0.1:${dead}/x`)).toMatchObject({
      kind: 'redirect',
      text: `redirects to http://127.0.0.1:${dead}/x: connection refused: nobody listens at 127.0.0.1:${dead}`,
      short: `a redirect to 127.0.0.1:${dead}, which refuses connections`,
    });
    expect((await by(`http://127.0.0.1:${sick}/`))?.short).toMatch(/, which answers with an error$/);
    expect((await by(`http://127.0.0.1:${silent}/`))?.short).toMatch(/, which does not answer$/);
    expect((await by(`https://127.0.0.1:${sick}/`))?.short).toMatch(/, which has no TLS at its port$/);
    expect((await by('http://['))?.text).toBe('redirects to what is no address');
    expect(await by('mailto:a@b.test')).toBeNull();
  });

  it('shows no secret of the address', async () => {
    const dead = await deadPort();
    const port = await pages({ '/': `http://u:s3cr3t@127.0.0.1:${dead}/?token=hunter2#access_token=cr3t` });
    expect(JSON.stringify(await ask(port))).not.toMatch(/s3cr3t|hunter2|cr3t/);
  });

  it('is asked now and then while it is well, and each time while it fails', async () => {
    const asked: string[] = [];
    let sick = false;
    const port = await site(({ url = '' }) => {
      asked.push(url);
      return url === '/' || sick ? { location: url === '/' ? '/a' : '/' } : undefined;
    });
    const probe = probeOf(`http://127.0.0.1:${port}/`);
    for (let run = 0; run < 3; run++) await runProbe(probe);
    expect(asked).toEqual(['/', '/a', '/', '/']);
    sick = true;
    const other = probeOf(`http://127.0.0.1:${port}/`);
    for (let run = 0; run < 2; run++) expect((await runProbe(other)).ok).toBe(false);
  });

  it.each([200, 204, 304, 300, 302])('a %d without an address is an answer', async (status) => {
    const port = await web((_, response) => response.writeHead(status).end());
    expect(await ask(port)).toMatchObject({ ok: true, status });
  });
});

describe('cookies of a redirect', () => {
  it('are kept for each host, replaced and taken away', () => {
    const jar = new CookieJar();
    jar.take('a.test', ['x=1; Path=/', 'y=2', '=no', 'z']);
    jar.take('b.test', ['x=9']);
    jar.take('a.test', ['x=3; HttpOnly', 'y=; Max-Age=0']);
    expect(jar.headerFor('a.test')).toBe('x=3; z=');
    expect(jar.headerFor('b.test')).toBe('x=9');
    expect(jar.headerFor('c.test')).toBeUndefined();
  });
});
