import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import type { FaultDesk } from '../../faults/desk/fault-desk.js';
import { createFaultDesk } from '../../faults/desk/fault-desk.js';
import type { ActiveFault, RollbackVerdict } from '../../faults/fault-verdict.js';
import { type CommandIo, EXIT } from '../command.js';
import { Refused } from '../refused.js';
import { whyNotConfirmed } from './confirm.js';
import { leaseFor } from './lease.js';
import type { TypedFault } from './parse-fault.js';
import { resolveFault } from './resolve-fault.js';
import { jsonTeller, type Teller, textTeller } from './tellers.js';
import { dockerOf } from './with-docker.js';

const LOOK_MS = 250;

export interface InjectOneOptions {
  readonly forMs: number;
  readonly json: boolean;
  /** The name was given twice. */
  readonly confirm: boolean;
  readonly io: CommandIo;
  readonly signal: AbortSignal;
}

/** Causes one fault, holds it for its time or until the signal, and rolls it back. Resolves to the exit code. */
export async function injectOne(
  engine: DockerEngine,
  typed: TypedFault,
  options: InjectOneOptions,
): Promise<number> {
  const { io, json, forMs, signal } = options;
  const { spec, target } = await resolveFault(dockerOf(engine), typed);
  const why = await whyNotConfirmed(target, options.confirm, io, signal);
  if (why !== null) throw new Refused(why, EXIT.usage);
  const tell = json ? jsonTeller(io) : textTeller(io);
  const desk = createFaultDesk({ engine });
  try {
    const { ttlMs, renew } = leaseFor(forMs);
    const progress = (text: string): void => tell.progress(text);
    // While a person was asked it may have changed: then the desk inspects it again.
    const seen = target.labelled || options.confirm ? { target } : {};
    const asked = { scenario: 'inject', ttlMs, renew, confirmed: true, signal, progress, ...seen };
    const active = await desk.inject(spec, asked);
    tell.injected(active, forMs);
    await hold(desk, active, { forMs, signal, tell });
    tell.progress(`${active.plan.what}: rolling it back`);
    return end(await desk.undo(active.plan.id), active, tell);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell.failed(signal.aborted ? `interrupted: ${why}` : why);
    return EXIT.findings;
  } finally {
    await desk.close();
  }
}

/** Until its time is over, the signal ends it, or it is rolled back by another hand (`faultline undo`). */
async function hold(
  desk: FaultDesk,
  { plan }: ActiveFault,
  { forMs, signal, tell }: { readonly forMs: number; readonly signal: AbortSignal; readonly tell: Teller },
): Promise<void> {
  // Its own clock: the machine's may be set meanwhile.
  const until = performance.now() + forMs;
  while (
    !signal.aborted &&
    performance.now() < until &&
    desk.active().some((one) => one.plan.id === plan.id)
  ) {
    const left = until - performance.now();
    tell.holding(plan.what, left);
    await sleep(Math.min(LOOK_MS, left), undefined, { signal }).catch(() => {});
  }
}

function end(verdict: RollbackVerdict, { effect }: ActiveFault, tell: Teller): number {
  const passed = verdict.clean && effect?.verdict !== 'Mismatch';
  tell.ended(verdict, effect, passed);
  return passed ? EXIT.ok : EXIT.findings;
}
