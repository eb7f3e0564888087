import type { WatchSettings } from '../../probes/watch-settings.js';
import { UsageError } from './usage-error.js';

/** An edge of `--edge SOURCE,TARGET:PORT`. Throws UsageError that says how one is written. */
export function parseEdge(text: string): WatchSettings['edges'][number] {
  const [, source, target, port] = /^([^,\s]+),([^,:\s]+):(\d{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  if (!source || !target || number < 1 || number > 65_535)
    throw new UsageError(
      `--edge ${text} is not two containers and a port: write one like web,postgres:5432 (who connects, to whom, to which TCP port)`,
    );
  return { source, target, port: number };
}
