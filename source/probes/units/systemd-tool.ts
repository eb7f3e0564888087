import { execa } from 'execa';
import { Unavailable } from '../probe.js';

export interface ToolOptions {
  readonly signal: AbortSignal;
  /** Milliseconds until it is given up. */
  readonly deadlineMs: number;
  /** Bytes of its answer that are taken; what is beyond is cut. */
  readonly mostBytes: number;
  /** PATH on which it is looked for; absent: our own. */
  readonly path: string | undefined;
}

/** What `systemctl` or `journalctl` answers. Rejects with why there is none. */
export async function askSystemd(
  tool: 'systemctl' | 'journalctl',
  args: readonly string[],
  { signal, deadlineMs, mostBytes, path }: ToolOptions,
): Promise<string> {
  const result = await execa(tool, [...args, '--no-pager'], {
    ...{ timeout: deadlineMs, cancelSignal: signal, reject: false, stdin: 'ignore', maxBuffer: mostBytes },
    env: { LC_ALL: 'C', ...(path === undefined ? {} : { PATH: path }) },
  });
  signal.throwIfAborted();
  if (!result.failed || result.isMaxBuffer) return result.stdout;
  const { timedOut, code, stderr, exitCode } = result;
  const [line = ''] = (stderr ?? '').trim().split('\n');
  throw new Unavailable(
    'not-readable',
    timedOut
      ? `${tool} gave no answer within ${deadlineMs / 1000} s`
      : code === 'ENOENT'
        ? `there is no ${tool} here`
        : `${tool}: ${line === '' ? `exit code ${exitCode ?? 'unknown'}` : line.slice(0, 200)}`,
    'systemctl --failed',
  );
}
