import { alertsContent } from './alerts.js';
import { conntrackContent } from './conntrack.js';
import { dnsContent } from './dns.js';
import { findingContent } from './findings/findings.js';
import { insideContent } from './inside/inside.js';
import { logsContent } from './logs/logs.js';
import { matrixContent } from './matrix/matrix.js';
import type { Panel, PanelId } from './panel.js';
import { probesContent } from './probes.js';
import { recoveryContent } from './recovery.js';
import { risksContent } from './risks.js';
import { servicesContent } from './services/services.js';
import { socketsContent } from './sockets.js';
import { swarmContent } from './swarm.js';
import { symptomsContent } from './symptoms/symptoms.js';
import { timelineContent } from './timeline.js';

/** All panels, in the order of tab; a new panel is a file, or a folder where it has parts, and a line here. */
export const PANELS: readonly Panel[] = [
  { id: 'symptoms', key: '1', title: 'Symptoms', filterable: false, content: symptomsContent },
  { id: 'finding', key: '2', title: 'Finding', filterable: false, content: findingContent },
  { id: 'services', key: '3', title: 'Services', filterable: true, content: servicesContent },
  { id: 'dns', key: '4', title: 'DNS resolution', filterable: true, content: dnsContent },
  { id: 'matrix', key: 'm', title: 'Connectivity', filterable: true, content: matrixContent },
  { id: 'inside', key: 'w', title: 'Container network', filterable: true, content: insideContent },
  { id: 'swarm', key: 'o', title: 'Swarm', filterable: true, content: swarmContent },
  { id: 'sockets', key: '5', title: 'Sockets', filterable: false, content: socketsContent },
  { id: 'conntrack', key: '6', title: 'Conntrack', filterable: false, content: conntrackContent },
  { id: 'probes', key: '7', title: 'Probes', filterable: true, content: probesContent },
  { id: 'timeline', key: '8', title: 'Timeline', filterable: true, content: timelineContent },
  { id: 'logs', key: '9', title: 'Logs', filterable: true, content: logsContent },
  { id: 'recovery', key: '0', title: 'Recovery', filterable: false, content: recoveryContent },
  { id: 'risks', key: 'l', title: 'Latent risks', filterable: true, content: risksContent },
  { id: 'alerts', key: 'e', title: 'Alerts', filterable: false, content: alertsContent },
];

/** The panel of an id. */
export function panelOf(id: PanelId): Panel {
  return PANELS.find((panel) => panel.id === id) as Panel;
}
