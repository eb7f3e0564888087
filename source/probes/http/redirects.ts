import { shownUrl } from '../../secrets.js';
import { sanitise } from '../../terminal/sanitise.js';
import { type Attempt, beginAttempt } from './attempt.js';
import { CookieJar } from './cookie-jar.js';
import { endpointOf } from './endpoint.js';
import { HttpError, timeoutIn } from './http-error.js';
import type { Redirect, Task } from './progress.js';
import { type Environment, wayTo } from './proxy.js';

/** Browsers end at 20 (Fetch standard, 4.4), curl at 50: clients of most languages at 10 to 30. */
const MOST_HOPS = 20;
/** What is led to is asked again after this long (ms), or at once where it failed, or where it leads elsewhere now. */
const AGAIN_MS = 30_000;
/** The deadline of a run must not come before ours (ms); with less than the least left nothing more is judged. */
const MARGIN_MS = 100;
const LEAST_MS = 200;
const LONGEST_WORD = 120;

/** What was learnt of where a target leads. */
export interface RedirectMemory {
  followed?: { readonly location: string; readonly at: number; readonly failed: boolean };
}

/**
 * Begins one request, and follows where it leads as clients do, with the cookies that are set on the way: a target that
 * redirects for ever, or to what cannot be asked, fails. The sample's phases and status are those of the target itself.
 */
export function beginFollowing(task: Task, env: Environment, memory: RedirectMemory): Attempt {
  const first = beginAttempt(task);
  let now = first;
  let stopped: HttpError | undefined;
  const follow = async (redirect: Redirect): Promise<HttpError | null> => {
    const ends = await new Chain(task, env, (next) => {
      now = next;
      if (stopped) next.stop(stopped);
    }).follow(redirect);
    if (ends !== undefined)
      memory.followed = { location: redirect.location, at: task.clock.now(), failed: ends !== null };
    return ends ?? null;
  };
  const isTime = ({ location }: Redirect): boolean => {
    const { followed } = memory;
    return followed?.location !== location || followed.failed || task.clock.now() - followed.at >= AGAIN_MS;
  };
  const over = first.over.then((error) => {
    const { redirect } = first;
    const leads = error === null && redirect !== undefined && /^(GET|HEAD)$/.test(task.method);
    return leads && isTime(redirect) ? follow(redirect) : error;
  });
  return Object.create(first, {
    over: { value: over },
    // Where it leads is told by its failure.
    notes: {
      get: () => first.notes.filter((note) => !(memory.followed?.failed && note.startsWith('redirects '))),
    },
    stop: {
      value: (reason: HttpError) => {
        stopped = reason;
        now.stop(reason);
      },
    },
  }) as Attempt;
}

/** The steps of one redirect. */
class Chain {
  private readonly jar = new CookieJar();
  private readonly seen = new Set<string>();
  private readonly began: number;

  constructor(
    private readonly task: Task,
    private readonly env: Environment,
    private readonly onNext: (attempt: Attempt) => void,
  ) {
    this.began = task.clock.now();
    this.seen.add(`${task.url} `);
  }

  /** How it ends: an error, or null where it ends well; undefined where the time was over before it was known. */
  async follow(redirect: Redirect): Promise<HttpError | null | undefined> {
    let from = this.task.url;
    for (let leads: Redirect | undefined = redirect, hops = 1; leads !== undefined; hops++) {
      if (!URL.canParse(leads.location, from))
        return failed('redirects to what is no address', 'a redirect to what is no address');
      const to = new URL(leads.location, from);
      to.hash = '';
      // What is no web address is for another program.
      if (to.protocol !== 'http:' && to.protocol !== 'https:') return null;
      if (from !== '') this.jar.take(new URL(from).hostname, leads.cookies);
      const cookie = this.jar.headerFor(to.hostname);
      const key = `${to.href} ${cookie ?? ''}`;
      if (this.seen.has(key)) return circle(to.href, from, hops);
      this.seen.add(key);
      if (hops > MOST_HOPS)
        return failed(`redirects more than ${MOST_HOPS} times: clients give up`, 'too many redirects');
      const leftMs = this.task.timeoutMs - MARGIN_MS - (this.task.clock.now() - this.began);
      if (leftMs < LEAST_MS) return undefined;
      const { error, next } = await this.ask(to, cookie, leftMs);
      if (error) return leadsToFailure(to, error);
      from = to.href;
      leads = next;
    }
    return null;
  }

  private async ask(
    to: URL,
    cookie: string | undefined,
    leftMs: number,
  ): Promise<{ error: HttpError | null; next: Redirect | undefined }> {
    const { task } = this;
    const endpoint = endpointOf(to.href);
    const way = wayTo(endpoint, this.env);
    const attempt = beginAttempt({
      ...{ ...task, url: to.href, endpoint, way, timeoutMs: leftMs, learnt: {} },
      ...(cookie === undefined ? {} : { cookie }),
    });
    this.onNext(attempt);
    const timer = task.clock.setTimeout(() => attempt.stop(timeoutIn(attempt.phase, leftMs)), leftMs);
    const error = await attempt.over;
    task.clock.clearTimeout(timer);
    return { error, next: attempt.redirect };
  }
}

const failed = (text: string, short: string): HttpError => new HttpError('redirect', 'transfer', text, short);

const shown = (url: string): string => sanitise(shownUrl(url), LONGEST_WORD);

/** The same page again, with the same cookies: it will never end. */
function circle(to: string, from: string, hops: number): HttpError {
  const way = to === from ? `${shown(to)} redirects to itself` : `${shown(from)} leads back to ${shown(to)}`;
  return failed(
    `redirects for ever: after ${hops === 1 ? 'one step' : `${hops} steps`} ${way}, and clients give up (too many redirects)`,
    'a redirect loop',
  );
}

function leadsToFailure(to: URL, { kind, message, short, phase }: HttpError): HttpError {
  const meets: Readonly<Partial<Record<HttpError['kind'], string>>> = {
    refused: 'which refuses connections',
    reset: 'which breaks connections off',
    timeout: phase === 'dns' ? 'whose name is not answered' : 'which does not answer',
    'no-name': 'whose name has no address',
    unreachable: 'which cannot be reached',
    tls: `which has ${short ?? 'a TLS error'}`,
    protocol: `which gives ${short ?? 'an answer that is not HTTP'}`,
    proxy: `by ${short ?? 'a proxy that fails'}`,
    status: 'which answers with an error',
  };
  return failed(
    `redirects to ${shown(to.href)}: ${message}`,
    `a redirect to ${sanitise(to.host, 80)}, ${meets[kind] ?? 'which fails'}`,
  );
}
