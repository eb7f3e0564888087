/** Figures as a findings page says them. */

/** "384 MiB", "no limit". */
export const mib = (bytes: number | null): string =>
  bytes === null ? 'no limit' : `${Math.round(bytes / 1024 / 1024)} MiB`;

/** "0.3 cores", "no limit". */
export const cores = (cpus: number | null): string =>
  cpus === null ? 'no limit' : `${Number(cpus.toFixed(3))} cores`;

/** "33 %". */
export const share = (part: number, whole: number): string =>
  whole === 0 ? '0 %' : `${Math.round((100 * part) / whole)} %`;
