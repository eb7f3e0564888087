import { steadyLoad } from '../source/actions/load/steady.js';
import type { DockerLab } from '../source/labs/lab.js';
import type { DockerCause } from './failure-mode.js';

/** How much a lab's application is asked for while a cause lasts. */
interface LabLoad {
  readonly path: string;
  readonly perSecond: number;
  readonly mostUnderWay: number;
  /** It ends by itself after so long (ms), whatever became of the cause; one request may take so long (ms). */
  readonly forMs: number;
  readonly timeoutMs: number;
}

/** A load of its own for a cause that is felt under load alone: begun with the cause, ended with it, one at a time a lab. */
export function whileLoaded({ path, ...load }: LabLoad): Pick<DockerCause, 'load' | 'unload'> {
  const running = new WeakMap<DockerLab, { stop(): void }>();
  return {
    async load(lab) {
      running.get(lab)?.stop();
      running.set(lab, steadyLoad({ url: `${lab.addresses.appUrl}${path}`, ...load }));
      return `${load.perSecond} requests a second for GET ${path}, ${load.mostUnderWay} under way at most`;
    },
    async unload(lab) {
      running.get(lab)?.stop();
      running.delete(lab);
    },
  };
}
