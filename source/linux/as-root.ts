/**
 * The command that starts this program again with the rights it lacked: CAP_SYS_ADMIN enters a network, CAP_SYS_PTRACE
 * finds it, CAP_NET_ADMIN shows all of its sockets (man 2 setns, man 5 proc, man 7 sock_diag); root has them. Where
 * root has not, it is a container's, which has to be given them.
 */
export function asRoot(argv: readonly string[] = process.argv, uid = process.getuid?.()): string {
  const [node = 'node', program = 'faultline'] = argv;
  return uid === 0
    ? 'docker run --privileged --pid host IMAGE   # its root lacks rights; or --cap-add SYS_ADMIN --cap-add SYS_PTRACE --cap-add NET_ADMIN --pid host'
    : `sudo ${word(node)} ${word(program)}`;
}

const word = (path: string): string =>
  /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
