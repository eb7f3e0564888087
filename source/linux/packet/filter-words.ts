/** Words of classic BPF (uapi/linux/bpf_common.h) and of what Linux tells a filter besides the packet's bytes. */

export const LOAD_BYTE = 0x30;
export const LOAD_HALF = 0x28;
export const LOAD_WORD = 0x20;
export const LOAD_BYTE_X = 0x50;
export const LOAD_HALF_X = 0x48;
export const LOAD_WORD_X = 0x40;
/** X = four times the low half of a byte: the length of an IPv4 header. */
export const LOAD_HEADER_LENGTH = 0xb1;
export const IF_EQUAL = 0x15;
export const IF_SET = 0x45;
export const RETURN = 0x06;

/** SKF_AD_OFF of uapi/linux/filter.h, with SKF_AD_PROTOCOL and SKF_AD_PKTTYPE. */
export const PROTOCOL = -0x1000;
export const PACKET_TYPE = -0x1000 + 4;

/** uapi/linux/if_packet.h */
export const PACKET_HOST = 0;
export const PACKET_OUTGOING = 4;

/** uapi/linux/if_ether.h */
export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
