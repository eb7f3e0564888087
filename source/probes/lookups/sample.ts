/** Lookups as one container makes them. Times are milliseconds. */

import type { LibcKind } from '../../linux/resolver/candidates.js';
import type { DnsSample } from '../dns/sample.js';
import type { InsideMeans, InsideSource } from '../inside/sample.js';

export interface InsideDnsSample extends DnsSample {
  readonly source: InsideSource;
  readonly means: InsideMeans;
  readonly libc: LibcKind | null;
  /** Names that its /etc/hosts answers: libc asks nobody for them, and neither was anybody asked here. */
  readonly fromHosts: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly missing: readonly string[];
}
