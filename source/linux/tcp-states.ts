/**
 * TCP states by their kernel number (include/net/tcp_states.h), under the names that `ss` prints.
 * 12 is NEW_SYN_RECV, a half-open request; 13 is BOUND_INACTIVE (Linux 6.8), a socket that bind() saw and nobody else.
 */
const BY_NUMBER = [
  undefined,
  'ESTAB',
  'SYN-SENT',
  'SYN-RECV',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSE',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
  'SYN-RECV',
  'CLOSE',
] as const;

/** Names of the states in the order of their numbers, each once. */
export const TCP_STATES = [...new Set(BY_NUMBER.slice(1))] as readonly TcpStateName[];

export type TcpStateName = Exclude<(typeof BY_NUMBER)[number], undefined>;

/** The name of a kernel state number, or undefined for a number no kernel we know uses. */
export function tcpStateName(number: number): TcpStateName | undefined {
  return BY_NUMBER[number];
}

/** Bit mask of states for the kernel's sock_diag filter. */
export function stateMask(...states: readonly TcpStateName[]): number {
  let mask = 0;
  BY_NUMBER.forEach((name, number) => {
    if (name && number < 12 && states.includes(name)) mask |= 1 << number;
  });
  return mask;
}

/** Every state that a connection or listener can be in: numbers 1 to 11. */
export const ALL_STATES = 0xffe;
