import type { Panel, PanelId } from './panel.js';
import { conntrackContent } from './rows/conntrack.js';
import { dnsContent } from './rows/dns.js';
import { findingContent } from './rows/finding.js';
import { insideContent } from './rows/inside.js';
import { logsContent } from './rows/logs/logs.js';
import { matrixContent } from './rows/matrix.js';
import { probesContent } from './rows/probes.js';
import { recoveryContent } from './rows/recovery.js';
import { servicesContent } from './rows/services/services.js';
import { socketsContent } from './rows/sockets.js';
import { swarmContent } from './rows/swarm.js';
import { symptomsContent } from './rows/symptoms.js';
import { timelineContent } from './rows/timeline.js';

/** All panels, in the order of tab; a new panel is a file in rows/ and a line here. */
export const PANELS: readonly Panel[] = [
  { id: 'symptoms', key: '1', title: 'Symptoms', filterable: false, content: symptomsContent },
  { id: 'finding', key: '2', title: 'Finding', filterable: false, content: findingContent },
  { id: 'services', key: '3', title: 'Services', filterable: true, content: servicesContent },
  { id: 'dns', key: '4', title: 'DNS ladder', filterable: true, content: dnsContent },
  { id: 'matrix', key: 'm', title: 'Who reaches whom', filterable: true, content: matrixContent },
  { id: 'inside', key: 'w', title: 'Within containers', filterable: true, content: insideContent },
  { id: 'swarm', key: 'o', title: 'Swarm', filterable: true, content: swarmContent },
  { id: 'sockets', key: '5', title: 'Sockets', filterable: false, content: socketsContent },
  { id: 'conntrack', key: '6', title: 'Conntrack', filterable: false, content: conntrackContent },
  { id: 'probes', key: '7', title: 'Probes', filterable: true, content: probesContent },
  { id: 'timeline', key: '8', title: 'Timeline', filterable: true, content: timelineContent },
  { id: 'logs', key: '9', title: 'Logs', filterable: true, content: logsContent },
  { id: 'recovery', key: '0', title: 'Recovery', filterable: false, content: recoveryContent },
];

/** The panel of an id. */
export function panelOf(id: PanelId): Panel {
  return PANELS.find((panel) => panel.id === id) as Panel;
}
