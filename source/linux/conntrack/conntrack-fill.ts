/** Share of the table in use, 0 to 1, or null where it has no limit: a maximum of 0 (nf_conntrack_core.c: `if (nf_conntrack_max && …)`). */
export const conntrackFill = (count: number, max: number): number | null => (max > 0 ? count / max : null);
