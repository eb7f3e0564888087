import type { Lab, LabProgress } from '../../labs/lab.js';
import type { LabKind } from '../arguments/lab-option.js';
import type { CommandIo } from '../command.js';

/** Starts a lab with its progress on standard error; says why and returns undefined when it cannot be had. */
export async function openLab(kind: LabKind, io: CommandIo, signal: AbortSignal): Promise<Lab | undefined> {
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
    io.say(`faultline: the lab could not be started: ${why.replace(/\s*\n\s*/g, ' ')}`);
    if (kind === 'docker' && (error as Error).name === 'NoDocker')
      io.say('faultline: --lab embedded needs no Docker; faultline doctor says what there is');
    return undefined;
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
