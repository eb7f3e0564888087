import type { Lab, LabProgress } from '../../labs/lab.js';
import type { LabKind } from '../arguments/lab-option.js';
import { type CommandIo, EXIT } from '../command.js';
import { Refused } from '../refused.js';

/** Starts a lab with its progress on standard error; throws Refused, which says why, when it cannot be had. */
export async function openLab(kind: LabKind, io: CommandIo, signal: AbortSignal): Promise<Lab> {
  const progress: LabProgress = ({ text, share }) =>
    io.progress(`starting the lab: ${Math.round(100 * share)} %  ${text}`);
  try {
    const lab = await start(kind, { progress, signal });
    io.progress('');
    return lab;
  } catch (error) {
    signal.throwIfAborted();
    io.progress('');
    const why = error instanceof Error ? error.message : String(error);
    const other =
      kind === 'docker' && (error as Error).name === 'NoDocker'
        ? '; --lab embedded needs no Docker; faultline doctor says what there is'
        : '';
    throw new Refused(`the lab could not be started: ${why}${other}`, EXIT.unavailable);
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
