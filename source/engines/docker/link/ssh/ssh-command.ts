import type { Endpoint } from '../../endpoint/endpoint.js';

export type SshEndpoint = Extract<Endpoint, { kind: 'ssh' }>;

/** Bytes of the ssh program's complaints that are kept. */
export const MOST_WORDS = 2_000;

/**
 * Arguments of ssh up to the host: it never asks (BatchMode), so an unknown host is a failure. The `--` keeps a host
 * from being read as an option. The user's own configuration, keys, agent and known hosts decide all else.
 */
export function sshArguments({ host, port, user }: SshEndpoint, options: readonly string[]): string[] {
  return [
    ...['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', ...options],
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...['--', host],
  ];
}

/** What the ssh program said last. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';

/** An error with the words of the ssh program. */
export function sshFailure(message: string): Error {
  return Object.assign(new Error(message), { code: 'SSH_FAILED' });
}
