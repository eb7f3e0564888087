import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { BeforeSwarm } from '../../../engines/docker/swarm/membership.js';
import { daemonCallSource, pythonCommand } from '../../../faults/agent/programs.js';
import { socketOfDaemon } from '../../../faults/desk/daemon.js';

/** The lab is removed when nothing was heard of its process for this long (s). */
const TTL_S = 120;
const END_MS = 5000;
const SIGN_OF_LIFE_MS = 30_000;

export interface LabKeeper {
  /** Nothing is left to remove: it ends without doing anything. Resolves to whether it is gone, after 5 s at most. */
  done(): Promise<boolean>;
}

/**
 * Starts a container that removes the lab when the process that started it is gone, in whatever way: it lives beside
 * the daemon, holds this process's end of a pipe, and needs no more of it than that.
 */
export async function startKeeper(
  docker: Docker,
  lab: { readonly id: string; readonly name: string; readonly image: string },
  order: { readonly endpoint: string; readonly made: BeforeSwarm | null },
): Promise<LabKeeper> {
  const program = readFileSync(new URL('./programs/keeper.py', import.meta.url), 'utf8');
  const container = await docker.createContainer({
    name: `${lab.name}-keeper`,
    Image: lab.image,
    Cmd: pythonCommand([daemonCallSource(), ['keeper', program]], {
      lab: lab.id,
      made: order.made,
      ttlS: TTL_S,
    }),
    // Not labelled as a part of the lab: it outlives the lab's removal.
    Labels: { 'faultline.keeper': lab.id },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      Binds: [`${socketOfDaemon(order.endpoint)}:/var/run/docker.sock`],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Memory: 96 << 20,
      PidsLimit: 16,
    },
  });
  const stream = (await container.attach({ stream: true, stdin: true, hijack: true })) as Duplex;
  // Its loss shows in the lab's own calls to the daemon.
  stream.on('error', () => {});
  // Asked before it starts: one that has removed itself can no longer be asked.
  const gone = container.wait({ condition: 'removed' }).then(
    () => true,
    () => false,
  );
  await container.start();
  const living = setInterval(() => stream.write('\n'), SIGN_OF_LIFE_MS).unref();
  return {
    async done() {
      clearInterval(living);
      stream.end('done\n');
      return Promise.race([gone, sleep(END_MS, false, { ref: false })]);
    },
  };
}
