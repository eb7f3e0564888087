import type { EmbeddedEngine } from '../../engines/embedded/embedded-engine.js';
import type { NewEntry } from '../../faults/desk/journal.js';
import { descendantsOf } from '../../linux/process/identity.js';

/**
 * The journal entry for a fault on a service of the embedded lab, to be recorded before the fault is caused. A frozen
 * service can be thawed by anyone; everything else is undone by its console or ends with the lab.
 */
export function embeddedEntry(
  engine: EmbeddedEngine,
  fault: {
    readonly scenario: string;
    readonly workload: string;
    readonly what: string;
    readonly freezes: boolean;
  },
): NewEntry {
  const process = engine.has(fault.workload) ? engine.identity(fault.workload) : null;
  const family = process === null ? [] : [process, ...descendantsOf(process.pid)];
  return {
    scenario: fault.scenario,
    substrate: 'embedded',
    target: { lab: engine.labId, workload: fault.workload, process },
    what: fault.what,
    undo:
      fault.freezes && family.length > 0
        ? family.map((member) => ({ kind: 'signal', process: { ...member }, signal: 'SIGCONT' }))
        : [{ kind: 'lab', lab: engine.labId }],
  };
}
