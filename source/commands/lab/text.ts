import { isAlive } from '../../linux/process/identity.js';
import { plural } from '../../terminal/format.js';
import { sanitise } from '../../terminal/sanitise.js';
import { section } from '../text/table.js';
import type { LabReport } from './run-lab.js';

/** What labs there are, or what was removed, as a person reads it. */
export function labText({ did, labs, images, left }: LabReport): string {
  if (labs.length === 0 && images.length === 0)
    return did === 'down' ? 'Nothing to remove: no lab is there.' : 'No lab is there.';
  const word = did === 'down' ? 'removed' : 'there';
  const lines = labs.map(
    (lab) =>
      `lab ${lab.id} (${consoleOf(lab)}): ${plural(lab.containers.length, 'container')}, ` +
      plural(lab.networks.length, 'network') +
      (did === 'down' ? '' : `: ${lab.containers.map(({ name, state }) => `${name} ${state}`).join(', ')}`),
  );
  const clean = (all: readonly string[]): string[] => all.map((line) => sanitise(line, 600));
  return [
    left.length === 0 ? `${plural(labs.length, 'lab')} ${word}.` : 'Not everything could be removed.',
    ...section('Labs', clean(lines)),
    ...section(
      did === 'down' ? 'Images removed' : 'Images',
      clean(images.map(({ name, megabytes }) => `${name}, ${megabytes} MB`)),
    ),
    ...section('Left', clean(left)),
  ].join('\n');
}

function consoleOf({ owner, orphaned }: LabReport['labs'][number]): string {
  if (owner === null) return 'its console is not known';
  if (orphaned) return `its console, pid ${owner.pid}, has died`;
  return isAlive(owner) ? `console with pid ${owner.pid}` : `a console of another host, pid ${owner.pid}`;
}
