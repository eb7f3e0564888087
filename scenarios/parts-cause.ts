import type { Lab } from '../source/labs/lab.js';
import type { LabPart, PartAddress } from '../source/labs/part.js';
import type { CauseProgress, DockerCause, EmbeddedCause } from './failure-mode.js';

/** A failure that parts of its own bring to a lab, and how that is told. */
interface PartsCause {
  /** What they do, for a person: "brings billing, a client of todo-app that never closes a connection". */
  readonly describe: string;
  readonly parts: readonly LabPart[];
  /** The faults that it takes on the Docker lab besides, once the parts are there. */
  readonly faults?: DockerCause['faults'];
}

/** Settings of a part that asks another one, or a service of the lab. */
export const peerSettings = ({ host, port }: PartAddress): Readonly<Record<string, string>> => ({
  PART_PEER_HOST: host,
  PART_PEER_PORT: String(port),
});

/**
 * The same cause on both labs: parts that are brought, and taken away again. Its fix turns on what the parts offer as
 * prevention, which starts them anew; the same injection then hurts no more while that is on.
 */
export function causedByParts({ describe, parts, faults }: PartsCause): {
  readonly embedded: EmbeddedCause;
  readonly docker: readonly DockerCause[];
} {
  const names = parts.map(({ name }) => name).join(', ');
  const undoDescribe = `take away ${names}`;
  const first = parts[0]?.name ?? '';
  const bring = async (lab: Lab, signal: AbortSignal, progress: CauseProgress): Promise<string> => {
    progress(`starting ${names}`, null);
    await lab.parts.bring(parts, signal);
    return `started ${names}`;
  };
  const takeAway = (lab: Lab): Promise<void> => lab.parts.takeAway(parts);
  const fix = async (lab: Lab): Promise<string> => {
    const offered = [
      ...new Map(parts.flatMap(({ switches = [] }) => switches).map((one) => [one.id, one])).values(),
    ];
    for (const { id } of offered) await lab.setHardening(id, true);
    if (offered.length > 0) return `turned on: ${offered.map(({ title }) => title).join(', ')}`;
    await takeAway(lab);
    return `took away ${names}`;
  };
  return {
    embedded: {
      describe,
      undoDescribe,
      target: { workload: first, freezes: false },
      inject: bring,
      undo: takeAway,
      fix,
    },
    docker: [{ describe, undoDescribe, prepare: bring, faults: faults ?? (() => []), unload: takeAway, fix }],
  };
}
