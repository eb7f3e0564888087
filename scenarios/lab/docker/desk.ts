import type { FaultDesk } from '../../../source/faults/docker/fault-desk.js';

/** Causes nothing yet: every fault is refused. */
export function createDesk(): FaultDesk {
  const refuse = (): Promise<never> =>
    Promise.reject(new Error('faults in containers are not available yet'));
  return {
    plan: refuse,
    inject: refuse,
    active: () => [],
    undo: async (id) => ({
      id,
      what: id,
      clean: true,
      detail: 'there is no such fault',
      residue: [],
    }),
    undoAll: async () => [],
    close: async () => [],
  };
}
