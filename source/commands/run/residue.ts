import { AGENT_LABELS } from '../../faults/agent/agent-container.js';
import { openEntries } from '../../faults/desk/journal.js';
import type { Runtime } from '../../runtime/index.js';

/**
 * What faults left behind, one line each: those that this runtime or its fault desk still holds, what it wrote in the
 * journal and not crossed out, and fault agents of its own that still stand.
 */
export async function residueOf(runtime: Runtime): Promise<readonly string[]> {
  const held = runtime.store.getState().faults.map((fault) => `not undone: ${fault.text}`);
  const written = openEntries().entries.filter(({ owner }) => owner.pid === process.pid);
  return [
    ...held,
    ...(await inContainers(runtime)),
    ...written.map(({ id, what }) => `still in the journal: ${what} (${id})`),
  ];
}

async function inContainers({ lab }: Runtime): Promise<readonly string[]> {
  if (lab?.kind !== 'docker') return [];
  const active = lab.desk.active().map(({ plan }) => `still active: ${plan.what}`);
  const { docker } = lab.engine;
  if (docker === null)
    return [...active, 'the Docker daemon does not answer: its fault agents could not be listed'];
  const filters = { label: [AGENT_LABELS.fault] };
  const agents = (await docker.listContainers({ all: true, filters })).filter(({ Labels }) =>
    Labels[AGENT_LABELS.owner]?.startsWith(`${process.pid}:`),
  );
  return [...active, ...agents.map(({ Names }) => `a fault agent still stands: ${Names[0] ?? 'unnamed'}`)];
}
