import { constants } from 'node:os';
import { asRoot } from '../as-root.js';

/** `gone`: the process has ended. `denied`: we may not. `unsupported`: this machine cannot. */
export type NamespaceFailure = 'gone' | 'denied' | 'unsupported' | 'failed';

/** Why a process' namespace cannot be entered or read, and what would grant it. */
export class NamespaceError extends Error {
  constructor(
    readonly failure: NamespaceFailure,
    message: string,
    /** Command that mends it, where there is one. */
    readonly mend?: string,
  ) {
    super(message);
    this.name = 'NamespaceError';
  }
}

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number as number, name]));

/** `EPERM` for 1; `errno 9999` for a number that this system has no name for. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`;
}

const TOO_MANY_FILES = 'ulimit -n 65536   # in the shell that starts faultline';

/** What failing to open /proc/<pid>/ns/net or /proc/<pid>/root means (man 5 proc: both want PTRACE_MODE_READ). */
export function explainOpen(path: string, code: string): NamespaceError {
  const pid = /^\/proc\/(\d+)/.exec(path)?.[1] ?? '?';
  if (code === 'ENOENT' || code === 'ESRCH')
    return new NamespaceError('gone', `process ${pid} is not there: it has ended, or is none of this host's`);
  if (code === 'EACCES' || code === 'EPERM')
    return new NamespaceError(
      'denied',
      `${path} may not be opened (${code}): process ${pid} belongs to another user, that takes CAP_SYS_PTRACE`,
      asRoot(),
    );
  if (code === 'EMFILE' || code === 'ENFILE')
    return new NamespaceError('failed', `${path} cannot be opened: no free file descriptor`, TOO_MANY_FILES);
  return new NamespaceError('failed', `${path} cannot be opened (${code})`);
}

/** What a failed setns() into the network of `pid` means (man 2 setns). */
export function explainEnter(pid: number, errno: number): NamespaceError {
  const code = errnoName(errno);
  if (code === 'EPERM')
    return new NamespaceError(
      'denied',
      `the network of process ${pid} may not be entered (EPERM): that takes CAP_SYS_ADMIN`,
      asRoot(),
    );
  if (code === 'EINVAL' || code === 'ENOSYS')
    return new NamespaceError('unsupported', `this kernel has no network namespaces (setns: ${code})`);
  return new NamespaceError('failed', `the network of process ${pid} cannot be entered (${code})`);
}

/** What a failed socket() inside means (man 2 socket). */
export function explainSocket(pid: number, errno: number): NamespaceError {
  const code = errnoName(errno);
  if (code === 'EMFILE' || code === 'ENFILE')
    return new NamespaceError('failed', 'no socket: no free file descriptor', TOO_MANY_FILES);
  if (code === 'EAFNOSUPPORT' || code === 'EPROTONOSUPPORT' || code === 'ESOCKTNOSUPPORT')
    return new NamespaceError('unsupported', `this kernel has no such socket (${code})`);
  if (code === 'EPERM' || code === 'EACCES')
    return new NamespaceError(
      'denied',
      `no socket in the network of process ${pid} (${code}): a raw one takes CAP_NET_RAW`,
      asRoot(),
    );
  return new NamespaceError('failed', `no socket in the network of process ${pid} (${code})`);
}
