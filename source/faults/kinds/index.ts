import type { FaultKind } from '../fault-spec.js';
import { allocate } from './allocate.js';
import { bandwidth } from './bandwidth.js';
import { cpu } from './cpu.js';
import { delay } from './delay.js';
import { disconnect } from './disconnect.js';
import { dnsAnswer } from './dns-answer.js';
import { dnsDrop } from './dns-drop.js';
import { dropPeer } from './drop-peer.js';
import { kill } from './kill.js';
import type { KindOfFault } from './kind.js';
import { loss } from './loss.js';
import { memory } from './memory.js';
import { openFiles } from './open-files.js';
import { pause } from './pause.js';

/** Every kind of fault by its name. */
export const kinds: { readonly [Kind in FaultKind]: KindOfFault<Kind> } = {
  delay,
  loss,
  'drop-peer': dropPeer,
  'dns-answer': dnsAnswer,
  'dns-drop': dnsDrop,
  bandwidth,
  cpu,
  memory,
  allocate,
  'open-files': openFiles,
  kill,
  pause,
  disconnect,
};
