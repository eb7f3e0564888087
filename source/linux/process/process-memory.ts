/** Bytes of resident memory: private to a process, and shared with others (files, shared memory). */
export interface ProcessMemory {
  readonly anonymous: number;
  readonly shared: number;
}

/** RssAnon, RssFile and RssShmem of /proc/<pid>/status (Linux 4.5), else VmRSS. Undefined for a kernel thread. */
export function parseProcessMemory(status: string): ProcessMemory | undefined {
  const bytes = (name: string): number | undefined => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
    return match ? Number(match[1]) * 1024 : undefined;
  };
  const anonymous = bytes('RssAnon');
  if (anonymous !== undefined)
    return { anonymous, shared: (bytes('RssFile') ?? 0) + (bytes('RssShmem') ?? 0) };
  const all = bytes('VmRSS');
  return all === undefined ? undefined : { anonymous: all, shared: 0 };
}

/**
 * Resident bytes of a family of processes: private pages of all, and the largest share of common ones once.
 * (Adding up RSS would count PostgreSQL's shared buffers once a connection.)
 */
export function familyMemory(members: readonly ProcessMemory[]): number {
  return (
    members.reduce((sum, member) => sum + member.anonymous, 0) +
    members.reduce((most, member) => Math.max(most, member.shared), 0)
  );
}
