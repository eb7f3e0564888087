/** How long this process has been at work (ms): what others do on the machine meanwhile is not in it. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
