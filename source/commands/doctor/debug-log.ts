import { debugFile, isDebugging } from '../../debug-log.js';
import { stateDirectory } from '../../engines/embedded/state-directory.js';
import type { Capability } from '../../probes/capabilities.js';

/** Where the debug log is written, or would be. Off is nothing that is missing. */
export function examineDebugLog(env: NodeJS.ProcessEnv): Capability {
  const about = { id: 'debug-log', title: 'Debug log' };
  const path = debugFile(env.FAULTLINE_DEBUG, stateDirectory(env));
  if (path !== undefined && !isDebugging())
    return {
      ...about,
      state: 'no',
      means: path,
      reason: 'this file cannot be written',
      mend: 'FAULTLINE_DEBUG=FILE faultline   # FILE: one that you may write',
    };
  const usual = debugFile('1', stateDirectory(env));
  return {
    ...about,
    state: 'yes',
    means: path ?? `off; FAULTLINE_DEBUG=1 writes ${usual}, FAULTLINE_DEBUG=FILE another one`,
    reason: null,
    mend: null,
  };
}
