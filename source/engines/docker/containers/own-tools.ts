/**
 * Labels of the containers that Faultline runs for itself: those that look into a network for a moment, and those that
 * keep a fault and end it. They are no workloads: what becomes of them is nobody's outage.
 */
const TOOL_LABELS = ['faultline.look', 'faultline.fault'] as const;

/** By a container's labels, or by the attributes of its events, which hold them. */
export function isOwnTool(labels: Readonly<Record<string, string>>): boolean {
  return TOOL_LABELS.some((label) => Object.hasOwn(labels, label));
}
