/** struct nlmsghdr (16 bytes) and struct inet_diag_req_v2 (56 bytes): include/uapi/linux/{netlink,inet_diag}.h. */
const HEADER = 16;
const LENGTH = HEADER + 56;
/** struct inet_diag_req (60 bytes), as kernels before 3.3 were asked. */
const FIRST_LENGTH = HEADER + 60;

export const SOCK_DIAG_BY_FAMILY = 20;
/** The first way of asking, for TCP alone: it knows no families, and so gives both in one walk of the table. */
export const TCPDIAG_GETSOCK = 18;
const NLM_F_REQUEST = 0x1;
const NLM_F_DUMP = 0x300;

export const AF_INET = 2;
export const AF_INET6 = 10;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;

/** Number of the attribute that holds `struct tcp_info`; asked for by the bit of that number less one. */
export const INET_DIAG_INFO = 2;

export interface DiagRequest {
  /** `both` is for TCP alone: one walk of the kernel's table instead of two. */
  readonly family: 4 | 6 | 'both';
  readonly protocol: 'tcp' | 'udp';
  /** Bit mask of kernel state numbers; the kernel leaves all others out of the answer. */
  readonly states: number;
  /** Ask for `struct tcp_info` of each socket as well (INET_DIAG_INFO): a row is 408 bytes then, 124 without. */
  readonly info?: boolean;
  readonly sequence: number;
}

/** The bytes that ask the kernel for all sockets of a family, or of both, in the given states. */
export function encodeDiagRequest(request: DiagRequest): Buffer {
  const both = request.family === 'both';
  const bytes = Buffer.alloc(both ? FIRST_LENGTH : LENGTH);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // netlink speaks the host's byte order; every machine Node runs on here is little endian but s390x, hence the flag.
  view.setUint32(0, bytes.length, LITTLE);
  view.setUint16(4, both ? TCPDIAG_GETSOCK : SOCK_DIAG_BY_FAMILY, LITTLE);
  view.setUint16(6, NLM_F_REQUEST | NLM_F_DUMP, LITTLE);
  view.setUint32(8, request.sequence, LITTLE);
  const extensions = request.info ? 1 << (INET_DIAG_INFO - 1) : 0;
  if (both) {
    bytes[HEADER + 3] = extensions;
    view.setUint32(HEADER + 52, request.states >>> 0, LITTLE);
    return bytes;
  }
  bytes[HEADER] = request.family === 4 ? AF_INET : AF_INET6;
  bytes[HEADER + 1] = request.protocol === 'tcp' ? IPPROTO_TCP : IPPROTO_UDP;
  bytes[HEADER + 2] = extensions;
  view.setUint32(HEADER + 4, request.states >>> 0, LITTLE);
  return bytes;
}

/** Whether this machine is little endian; netlink headers follow it. */
export const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
