import type { FaultKind } from '../fault-spec.js';
import { allocate } from './kinds/allocate.js';
import { bandwidth } from './kinds/bandwidth.js';
import { cpu } from './kinds/cpu.js';
import { delay } from './kinds/delay.js';
import { disconnect } from './kinds/disconnect.js';
import { dnsAnswer } from './kinds/dns-answer.js';
import { dnsDrop } from './kinds/dns-drop.js';
import { dropPeer } from './kinds/drop-peer.js';
import { kill } from './kinds/kill.js';
import { loss } from './kinds/loss.js';
import { memory } from './kinds/memory.js';
import { openFiles } from './kinds/open-files.js';
import { pause } from './kinds/pause.js';
import type { KindOfFault } from './plan-body.js';

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
