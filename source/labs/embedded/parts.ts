import { fileURLToPath } from 'node:url';
import type { EmbeddedEngine } from '../../engines/embedded/embedded-engine.js';
import type { ServiceSpec } from '../../engines/embedded/service-spec.js';
import type { HttpTarget } from '../../probes/watch-settings.js';
import {
  type LabPart,
  PART_PORT,
  PART_SWITCHES,
  type PartAddress,
  type Parts,
  type SwitchBoard,
} from '../part.js';

const LOOPBACK = '127.0.0.1';

/** Parts as child processes. */
export function embeddedParts(engine: EmbeddedEngine, switches: SwitchBoard): Parts {
  const targets = new Map<string, HttpTarget>();
  const where = (name: string): PartAddress => {
    const port = engine.list().find((one) => one.name === name)?.ports[0]?.port;
    if (port === undefined) throw new Error(`${name} is not on the lab, or does not listen`);
    return { host: LOOPBACK, port };
  };
  return {
    async bring(parts, signal) {
      switches.learn(parts);
      for (const part of parts) {
        signal?.throwIfAborted();
        if (!engine.has(part.name)) engine.add(partService(part, where, switches));
        await engine.start(part.name);
        const target = part.target?.(where(part.name));
        if (target) targets.set(part.name, target);
      }
    },
    async takeAway(parts) {
      for (const { name } of [...parts].reverse()) {
        targets.delete(name);
        await engine.remove(name);
      }
    },
    async startAnew(names) {
      await Promise.all(names.filter((name) => engine.has(name)).map((name) => engine.restart(name)));
    },
    targets: () => [...targets.values()],
  };
}

function partService(
  part: LabPart,
  where: (name: string) => PartAddress,
  switches: SwitchBoard,
): ServiceSpec {
  const script = fileURLToPath(new URL(`../images/lab/programs/parts/${part.program}.mjs`, import.meta.url));
  const limited = part.openFiles === undefined ? [] : ['-c', `ulimit -n ${part.openFiles}; exec "$0" "$@"`];
  const [command, ...args] =
    limited.length === 0 ? [process.execPath, script] : ['sh', ...limited, process.execPath, script];
  return {
    name: part.name,
    command: command as string,
    args: () => args,
    env: (ports) => ({
      NODE_OPTIONS: '',
      [PART_PORT]: String(ports[0]?.port ?? 0),
      [PART_SWITCHES]: [...switches.on()].join(','),
      ...part.settings?.(where),
    }),
    ports: [],
    readiness: { by: 'message' },
    readyTimeoutMs: 15_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 3_000,
  };
}
