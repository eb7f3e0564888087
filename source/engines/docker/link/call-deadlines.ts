import type Docker from 'dockerode';
import { shortIds } from './deadline.js';

/** A daemon with thousands of containers lists them in seconds; what reads takes no longer than this (ms). */
const READ_MS = 10_000;
/** What changes something: a container that is removed is stopped first, a swarm is left in tens of seconds (ms). */
const CHANGE_MS = 60_000;
/** These answer when something else has ended, or go on for as long as somebody listens. */
const WAITS = /\/(wait|attach|build|events)(\?|$)|\/exec\/[^/]+\/start/;

/** What the library passes on for each request. */
interface Dialled {
  readonly path: string;
  readonly method: string;
  readonly isStream?: boolean;
  readonly hijack?: boolean;
  readonly openStdin?: boolean;
  readonly abortSignal?: AbortSignal;
}
type Told = (error: Error | null, answer: unknown) => void;
interface Modem {
  dial(options: Dialled, callback: Told): void;
}

/**
 * Gives every request of a client that has no end of its own a deadline: one that a daemon never answers is ended and
 * rejects, and says which. Left alone are those that are given a signal, and those that wait or stream by their nature.
 */
export function limitCalls(docker: Docker, limits = { readMs: READ_MS, changeMs: CHANGE_MS }): void {
  const modem = docker.modem as Modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (options, callback) => {
    const { abortSignal, isStream, hijack, openStdin, method, path } = options;
    if (abortSignal || isStream || hijack || openStdin || WAITS.test(path)) return dial(options, callback);
    const ms = method === 'GET' ? limits.readMs : limits.changeMs;
    const control = new AbortController();
    let told = false;
    const tell: Told = (error, answer) => {
      if (told) return;
      told = true;
      clearTimeout(timer);
      callback(error, answer);
    };
    const timer = setTimeout(() => {
      const [where] = path.split('?');
      tell(
        new Error(`the daemon has not answered ${method} ${shortIds(where ?? '')} within ${ms / 1_000} s`),
        null,
      );
      control.abort();
    }, ms);
    dial({ ...options, abortSignal: control.signal }, tell);
  };
}
