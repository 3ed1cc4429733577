import {
  IconAlertCircle,
  IconAlertOctagon,
  IconAlertTriangle,
  IconArrowBarToRight,
  IconBan,
  IconGauge,
  IconPencil,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconPlugConnectedX,
  IconZzz,
} from '@tabler/icons-react';

export type StatusKind =
  | 'draft'
  | 'invalid'
  | 'warning'
  | 'running'
  | 'idle'
  | 'busy'
  | 'held'
  | 'waiting'
  | 'failing'
  | 'stopped'
  | 'disabled';

const ICONS = {
  draft: [IconPencil, 'i3'],
  invalid: [IconAlertTriangle, 'bad'],
  warning: [IconAlertCircle, 'warn'],
  running: [IconPlayerPlayFilled, 'ok'],
  idle: [IconZzz, 'i3'],
  busy: [IconGauge, 'warn'],
  held: [IconArrowBarToRight, 'warn'],
  waiting: [IconPlugConnectedX, 'bad'],
  failing: [IconAlertOctagon, 'bad'],
  stopped: [IconPlayerStopFilled, 'i3'],
  disabled: [IconBan, 'i3'],
} as const;

/** The one status of a node: icon and colour together, words in the tooltip around it. */
export function StatusIcon({ kind, size = 16 }: { kind: StatusKind; size?: number }) {
  const [Found, tone] = ICONS[kind];
  return <Found size={size} className={tone} aria-hidden />;
}
