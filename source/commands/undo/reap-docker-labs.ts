import type { UndoReport } from './report.js';

/** Removes Docker labs of dead consoles and containers that a killed console never started, where Docker answers. Never rejects: what failed is residue. */
export async function reapDockerLabs(): Promise<UndoReport> {
  const [{ DockerEngine }, { reapDeadDockerLabs }, { sweepToolbox }] = await Promise.all([
    import('../../engines/docker/docker-engine.js'),
    import('../../labs/docker/remove.js'),
    import('../../faults/agent/toolbox.js'),
  ]);
  const engine = new DockerEngine();
  try {
    await engine.settled();
    if (engine.docker === null) return { done: [], residue: [] };
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
    };
  } catch (error) {
    return { done: [], residue: [`Docker labs: ${(error as Error).message}`] };
  } finally {
    await engine.close();
  }
}
