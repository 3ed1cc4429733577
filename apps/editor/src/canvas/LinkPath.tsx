import { IconEye, IconPlus, IconUnlink } from '@tabler/icons-react';
import { EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo, useEffect, useRef, useSyncExternalStore } from 'react';
import { percent, rate } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useEditor } from '../store/editor.js';
import { byPlace } from '../store/findings.js';
import { fillLevel, metrics } from '../store/metrics.js';
import { quickAddOnEdge } from './actions.js';
import { flow } from './flow.js';
import type { LinkEdge } from './flow-nodes.js';
import { curve } from './geometry.js';

const WIDTHS = [1.5, 2, 3, 4, 5, 6];
const WATER = { ok: 'var(--mr-water)', warn: 'var(--mr-warnf)', bad: 'var(--mr-badf)' };
const CHANNEL = { ok: 'var(--mr-channel)', warn: 'var(--mr-chwarn)', bad: 'var(--mr-chbad)' };

/** One edge: a dry line while drawing, a channel with water while running. */
export const LinkPath = memo(function LinkPath({
  id,
  sourceX,
  sourceY,
  targetX,
  targetY,
  selected,
  data,
}: EdgeProps<LinkEdge>) {
  const live = useEditor((s) => s.mode === 'live' && s.run !== null);
  const broken = useEditor(
    (s) =>
      byPlace(s.validation)
        .edges.get(id)
        ?.some((f) => f.severity === 'error') ?? false,
  );
  const look = useSyncExternalStore(
    (changed) => metrics.onEdge(id, changed),
    () => (live ? metrics.edgeLook(id) : undefined),
  );
  const { path, label, middle, arrow } = curve(sourceX, sourceY, targetX, targetY);
  const wet = live && look !== undefined;
  const [step, level] = wet ? (look.split('|') as [string, 'ok' | 'warn' | 'bad']) : ['0', 'ok' as const];
  const width = wet ? WIDTHS[Number(step)]! : 2;
  const colour = wet ? WATER[level] : undefined;
  const upsert = data?.upsert ?? false;
  return (
    <g className={`link ${broken && !wet ? 'broken' : ''} ${wet ? 'wet' : 'dry'}`}>
      {wet && <path d={path} className="channel" style={{ stroke: CHANNEL[level], strokeWidth: width + 4 }} />}
      <path
        d={path}
        className="line"
        style={{ strokeWidth: upsert ? width + 2.5 : width, ...(colour ? { stroke: colour } : {}) }}
      />
      {upsert && (
        <path
          d={path}
          className="gap"
          style={{ strokeWidth: wet ? width - 0.5 : 1.6, ...(wet ? { stroke: CHANNEL[level] } : {}) }}
        />
      )}
      {wet && !upsert && width >= 3 && (
        <path
          d={path}
          className="flow"
          style={{ strokeWidth: width * 0.45 }}
          strokeDasharray={level === 'ok' ? '3 17' : '3 9'}
        />
      )}
      <path d={arrow} className="line arrow" style={colour ? { stroke: colour } : {}} />
      <path d={path} className="react-flow__edge-interaction hit" />
      {wet && <EdgeNumbers id={id} x={label.x} y={label.y} level={level} />}
      {/* The portal asks for its place on every change of the canvas: only the few edges that need it have one. */}
      {((broken && !wet) || selected) && (
        <EdgeLabelRenderer>
          {broken && !wet && (
            <span
              className="edge-mark bad"
              style={{ transform: `translate(-50%,-50%) translate(${middle.x}px,${middle.y}px)` }}
            >
              <IconUnlink size={14} />
            </span>
          )}
          {selected && <EdgePill id={id} x={middle.x} y={middle.y} live={live} />}
        </EdgeLabelRenderer>
      )}
    </g>
  );
});

function EdgeNumbers({ id, x, y, level }: { id: string; x: number; y: number; level: 'ok' | 'warn' | 'bad' }) {
  const text = useRef<SVGTextElement>(null);
  const gauge = useRef<SVGRectElement>(null);
  const track = useRef<SVGRectElement>(null);
  const share = useRef<SVGTextElement>(null);
  useEffect(() => {
    const write = () => {
      const edge = metrics.edge(id);
      if (flow.far && (flow.level === 'dot' || !edge || fillLevel(edge.fill) === 'ok')) return;
      if (!edge || !text.current || !gauge.current || !track.current || !share.current) return;
      text.current.textContent = rate(edge.rate);
      const queued = edge.fill !== null && edge.fill !== undefined;
      track.current.style.display = gauge.current.style.display = queued ? '' : 'none';
      gauge.current.setAttribute('width', String(34 * Math.min(1, edge.fill ?? 0)));
      share.current.textContent = queued && fillLevel(edge.fill) !== 'ok' ? percent(edge.fill!) : '';
    };
    write();
    return metrics.onEdge(id, write);
  }, [id]);
  return (
    <g className={`edge-nums fill-${level}`} transform={`translate(${x} ${y})`}>
      <text ref={text} textAnchor="middle" y={-2} />
      <rect ref={track} x={-17} y={4} width={34} height={4} rx={2} className="track" />
      <rect ref={gauge} x={-17} y={4} height={4} rx={2} className="gauge" />
      <text ref={share} x={21} y={10} className="share" />
    </g>
  );
}

function EdgePill({ id, x, y, live }: { id: string; x: number; y: number; live: boolean }) {
  const { t } = useT();
  return (
    <div className="edge-pill nodrag nopan" style={{ transform: `translate(-50%,-50%) translate(${x}px,${y}px)` }}>
      {!live && (
        <button
          type="button"
          className="plus"
          aria-label={t('edge.insert')}
          title={t('edge.insert')}
          onClick={(event) => quickAddOnEdge(id, event.clientX, event.clientY)}
        >
          <IconPlus size={15} />
        </button>
      )}
      <button type="button" className="see" onClick={() => useEditor.setState({ edgePanel: id, drawer: undefined })}>
        <IconEye size={14} />
        {t('edge.data')}
      </button>
    </div>
  );
}
