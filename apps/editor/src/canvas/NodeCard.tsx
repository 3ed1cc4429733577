import { Tooltip } from '@mantine/core';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo, useSyncExternalStore } from 'react';
import { useT } from '../i18n/index.js';
import { sentenceOf } from '../problems/sentence.js';
import { useApp } from '../store/app.js';
import { useEditor } from '../store/editor.js';
import { byPlace } from '../store/findings.js';
import { kindOf } from '../store/linking.js';
import { metrics } from '../store/metrics.js';
import { Tile } from '../ui/icons.js';
import { placed } from '../ui/Skeletons.js';
import type { CardData, CardNode } from './flow-nodes.js';
import { freshNodes } from './fresh.js';
import { cardHeight, portRows, portY } from './geometry.js';
import { LiveFoot } from './LiveFoot.js';
import { NodeTags } from './NodeTags.js';
import { nodeLabel, operatorName, operatorSummary, portTitle } from './names.js';
import { StatusIcon, type StatusKind } from './StatusIcon.js';

const KINDS = new Set(['order', 'stock', 'customer', 'money']);

function Port({ data, side, index, rows }: { data: CardData; side: 'in' | 'out'; index: number; rows: number }) {
  const port = side === 'in' ? data.inputs[index]! : data.outputs[index]!;
  const kind = kindOf(port);
  const upsert = port.mode?.mode === 'upsert';
  const { locale } = useT();
  const name = portTitle(port, port.name, locale);
  return (
    <Handle
      id={port.name}
      type={side === 'in' ? 'target' : 'source'}
      position={side === 'in' ? Position.Left : Position.Right}
      className={`port ${upsert ? 'up' : ''} ${port.side ? 'side' : ''} ${kind && KINDS.has(kind) ? `kind-${kind}` : ''}`}
      style={{ top: portY(index, rows) }}
      title={kind ? `${name} · ${kind}` : name}
      data-port={`${data.node.id}/${port.name}`}
    />
  );
}

/** One node of the canvas. Live numbers are written by `LiveFoot` and `NodeTags`, so a sample renders no card. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<CardNode>) {
  const { t, locale } = useT();
  const { node } = data;
  const live = useEditor((s) => s.mode === 'live' && s.run !== null);
  const info = useEditor((s) => s.validation.nodes[id]);
  const findings = useEditor((s) => byPlace(s.validation).nodes.get(id));
  const changed = useEditor((s) => s.changes.nodes.has(id));
  const manifest = useApp((s) => s.manifests.get(node.operator));
  const catalogue = useApp((s) => s.catalogue);
  const status = useSyncExternalStore(
    (changedListener) => metrics.onNode(id, changedListener),
    () => (live ? metrics.status(id) : undefined),
  );
  const category = manifest?.docs.category ?? 'shape';
  const rows = portRows(data.inputs.length, data.outputs.length);
  const label = nodeLabel(node, manifest, locale);
  const operator = operatorName(manifest, node.operator, locale);
  const second = label === operator && manifest ? t(`category.${category}`) : operator;
  const first = findings?.[0];
  const fresh = first?.severity === 'error' && freshNodes.has(id);
  const unknown = !manifest && catalogue === 'ready';
  const off = node.disabled === true;
  const kind: StatusKind | undefined = off
    ? 'disabled'
    : live
      ? status
      : fresh
        ? 'draft'
        : unknown || first?.severity === 'error'
          ? 'invalid'
          : first
            ? 'warning'
            : undefined;
  // An operator says what its node does in English; elsewhere its own summary says it.
  const said = locale.startsWith('zh') && info?.summary && manifest ? operatorSummary(manifest, locale) : info?.summary;
  const words = off ? t('node.disabled') : first?.severity === 'error' ? sentenceOf(first, locale) : (said ?? '');
  const classes = ['node', `cat-${category}`, selected && 'sel', kind && `is-${kind}`, live && 'live']
    .filter(Boolean)
    .join(' ');
  return (
    <div className={classes} style={{ height: cardHeight(data.inputs.length, data.outputs.length) }} data-id={id}>
      {changed && !live && <i className="changed" title={t('node.changed')} />}
      <div className="hd">
        <Tile name={manifest?.docs.icon} category={category} />
        <div className="grow names">
          <div className="lb el">{label}</div>
          <div className="op">
            <span className="el">{second}</span>
            {(node.parallelism ?? 1) > 1 && <span className="par">×{node.parallelism}</span>}
          </div>
        </div>
        {kind && (
          <Tooltip
            label={
              live
                ? t(`status.${kind}`)
                : (findings ?? []).map((f) => sentenceOf(f, locale)).join('\n') || t(`status.${kind}`)
            }
            withinPortal
          >
            <span className="st">
              <StatusIcon kind={kind} />
            </span>
          </Tooltip>
        )}
      </div>
      {rows > 0 &&
        placed(Array.from({ length: rows })).map(({ key, n }) => (
          <div className="pr" key={key}>
            <span className="el">
              {data.inputs.length > 1 || data.outputs.length > 1 ? portName(data.inputs[n], locale) : ''}
            </span>
            <span className="el">{portName(data.outputs[n], locale)}</span>
          </div>
        ))}
      {live && !off ? (
        <LiveFoot id={id} status={status} />
      ) : (
        <div className={`ft ${first?.severity === 'error' && !fresh ? 'bad m' : fresh ? 'i3' : ''}`}>
          <span className="el">{words}</span>
        </div>
      )}
      {data.inputs.map((port, n) => (
        <Port key={port.name} data={data} side="in" index={n} rows={rows} />
      ))}
      {data.outputs.map((port, n) => (
        <Port key={port.name} data={data} side="out" index={n} rows={rows} />
      ))}
      {live && <NodeTags id={id} />}
      {!live && node.note && <div className="node-note">{node.note}</div>}
    </div>
  );
});

const portName = (port: { name: string; title?: string } | undefined, locale: string) =>
  port ? portTitle(port, port.name, locale) : '';
