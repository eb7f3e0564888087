import type { Lab, LabProgress } from '../../labs/lab.js';
import type { LabKind } from '../arguments/lab-option.js';
import { type CommandIo, EXIT } from '../command.js';
import { Refused } from '../refused.js';

/** Starts a lab with its progress on standard error; throws Refused, which says why, when it cannot be had. */
export function openLab(kind: LabKind, io: CommandIo, signal: AbortSignal): Promise<Lab> {
  const show = progressOf(io, 'lab');
  const starting = start(kind, { progress: ({ text, share }) => show(text, share), signal });
  return begun(starting, io, signal, (why, error) => {
    const other =
      kind === 'docker' && error instanceof Error && error.name === 'NoDocker'
        ? '; --lab embedded needs no Docker; faultline doctor says what there is'
        : '';
    return `the lab could not be started: ${why}${other}`;
  });
}

/** Shows how far a lab is; a share from 0 to 1, null where it is not known. */
export const progressOf =
  (io: CommandIo, what: string) =>
  (text: string, share: number | null): void =>
    io.progress(`starting the ${what}: ${share === null ? '' : `${Math.round(100 * share)} %  `}${text}`);

/** A lab that is being started; throws Refused with what `tell` makes of the reason when it cannot be had. */
export async function begun<Started>(
  starting: Promise<Started>,
  io: CommandIo,
  signal: AbortSignal,
  tell: (why: string, error: unknown) => string,
): Promise<Started> {
  try {
    return await starting;
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(tell(why, error), EXIT.unavailable);
  } finally {
    io.progress('');
  }
}

/** Only the lab that is asked for is loaded. */
async function start(
  kind: LabKind,
  options: { readonly progress: LabProgress; readonly signal: AbortSignal },
): Promise<Lab> {
  if (kind === 'docker') {
    const { startDockerLab } = await import('../../labs/docker/start.js');
    return startDockerLab(options);
  }
  const { startLab } = await import('../../labs/embedded/start.js');
  return startLab(options);
}
