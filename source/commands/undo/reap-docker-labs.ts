import { BY_DEFAULT } from '../../engines/docker/endpoint/endpoint.js';
import type { Availability } from '../../engines/docker/link/availability.js';
import type { UndoReport } from './report.js';

/** What of Docker is looked for. */
const WHAT = 'labs and fault agents of killed consoles on Docker';

/**
 * Removes Docker labs of dead consoles and containers that a killed console never started. Never rejects: what failed
 * is residue, and so is a daemon that could not be asked; that there is no Docker here is a note.
 */
export async function reapDockerLabs(): Promise<UndoReport> {
  const [{ DockerEngine }, { reapDeadDockerLabs }, { sweepToolbox }, around] = await Promise.all([
    import('../../engines/docker/docker-engine.js'),
    import('../../labs/docker/remove.js'),
    import('../../faults/agent/toolbox.js'),
    import('../../engines/docker/endpoint/resolve-endpoint.js'),
  ]);
  const engine = new DockerEngine();
  try {
    const verdict = await engine.settled();
    if (engine.docker === null) {
      const asked = around.resolveEndpoint(around.realSurroundings);
      return unseen(verdict, !asked.ok || asked.endpoint.from !== BY_DEFAULT);
    }
    const removed = await reapDeadDockerLabs(engine.docker);
    const swept = await sweepToolbox(engine.docker);
    return {
      done: [
        ...removed
          .filter(({ left }) => left.length === 0)
          .map(
            ({ lab }) =>
              `Docker lab ${lab.id}: its console had died; ${lab.containers.length} containers removed`,
          ),
        ...(swept > 0 ? [`${swept} containers of the toolbox that a killed console left: removed`] : []),
      ],
      residue: removed.flatMap(({ lab, left }) => left.map((what) => `Docker lab ${lab.id}: ${what}`)),
      notes: [],
    };
  } catch (error) {
    return notSeen((error as Error).message);
  } finally {
    await engine.close();
  }
}

/**
 * What is said where no daemon answers: nothing is left where there is no Docker, and nobody knows where one is silent.
 * `named`: the environment or a context says that there is one. Pure.
 */
export function unseen(verdict: Availability, named: boolean): UndoReport {
  if (verdict.state !== 'unavailable') return notSeen('Docker has not answered');
  const { kind, endpoint, what, mend } = verdict.trouble;
  // A socket that is not there, where nobody said that one would be.
  if (kind === 'missing' && !named) return { done: [], residue: [], notes: [`no Docker here (${endpoint})`] };
  return notSeen(`Docker at ${endpoint}: ${what}. Try: ${mend}`);
}

const notSeen = (why: string): UndoReport => ({
  done: [],
  residue: [`${WHAT} could not be looked for: ${why}; then look again: faultline undo`],
  notes: [],
});
