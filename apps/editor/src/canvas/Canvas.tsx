import {
  Background,
  BackgroundVariant,
  type Connection,
  type EdgeChange,
  type NodeChange,
  type OnConnectEnd,
  type OnConnectStart,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
} from '@xyflow/react';
import {
  type DragEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { currentDoc, known, run, select, useEditor } from '../store/editor.js';
import { move, type Point, reconnect } from '../store/edits.js';
import { linkProblem } from '../store/linking.js';
import { useShownDoc } from '../store/shown.js';
import { addOperator, link, spliceNode } from './actions.js';
import { CanvasControls } from './CanvasControls.js';
import { ContextMenu, type MenuAt } from './ContextMenu.js';
import { EmptyCanvas } from './EmptyCanvas.js';
import { FarEdges } from './FarEdges.js';
import { clearFits, showFits } from './fits.js';
import { FIT, flow, toFlow } from './flow.js';
import { type CardNode, FlowEdges, FlowNodes, type LinkEdge } from './flow-nodes.js';
import { GroupFrames } from './GroupFrames.js';
import { GRID } from './geometry.js';
import { LinkPath } from './LinkPath.js';
import { LinkReason } from './LinkReason.js';
import { NodeCard } from './NodeCard.js';
import { SmallMap } from './SmallMap.js';
import { ZoomLevel } from './ZoomLevel.js';

const nodeTypes = { card: NodeCard };
const edgeTypes = { link: LinkPath };
/** From here on, cards off screen are not in the page at all. */
const MANY = 150;
const NONE: LinkEdge[] = [];
const MIME = 'application/x-millrace-operator';

/** The edge under a point of the page, if any. */
function edgeAt(x: number, y: number): string | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const edge = element.closest('.react-flow__edge');
    if (edge) return edge.getAttribute('data-id') ?? undefined;
  }
  return undefined;
}

export function Canvas() {
  const { t } = useT();
  const doc = useShownDoc();
  const selection = useEditor((s) => s.selection);
  const infos = useEditor((s) => s.validation.nodes);
  const manifests = useApp((s) => s.manifests);
  const live = useEditor((s) => s.mode === 'live');
  const [dragged, setDragged] = useState<ReadonlyMap<string, Point>>();
  const [menu, setMenu] = useState<MenuAt>();
  // Only what is there at the start is fitted: the first node of an empty canvas stays where it was dropped.
  const [fitAtOpen] = useState(() => currentDoc().nodes.length > 0);
  const makers = useRef({ nodes: new FlowNodes(), edges: new FlowEdges() });
  const pane = useRef<HTMLDivElement>(null);
  const [tiny, setFar] = useState(false);
  const far = tiny && doc.edges.length > MANY;
  const selectedNodes = useMemo(() => new Set(selection.nodes), [selection]);
  const selectedEdges = useMemo(() => new Set(selection.edges), [selection]);
  const nodes = useMemo(
    () => makers.current.nodes.make(doc, { manifests, infos }, selectedNodes, dragged),
    [doc, manifests, infos, selectedNodes, dragged],
  );
  const edges = useMemo(
    () => makers.current.edges.make(doc, { manifests, infos }, selectedEdges, selectedNodes),
    [doc, manifests, infos, selectedEdges, selectedNodes],
  );

  useEffect(() => {
    flow.pane = pane.current ?? undefined;
    return () => {
      flow.pane = undefined;
      flow.current = undefined;
    };
  }, []);

  // Draw and Live have other things around the canvas; the cards stay where they were on the screen.
  const corner = useRef<{ left: number; top: number } | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the mode changes
  useLayoutEffect(() => {
    const box = pane.current?.getBoundingClientRect();
    const before = corner.current;
    const view = flow.current?.getViewport();
    if (box && before && view && (before.left !== box.left || before.top !== box.top))
      void flow.current?.setViewport({ ...view, x: view.x + before.left - box.left, y: view.y + before.top - box.top });
    if (box) corner.current = { left: box.left, top: box.top };
  }, [live]);

  const onNodesChange = useCallback((changes: NodeChange<CardNode>[]) => {
    const { selection: now } = useEditor.getState();
    let picked: Set<string> | undefined;
    let moved: Map<string, Point> | undefined;
    for (const change of changes) {
      if (change.type === 'select') {
        picked ??= new Set(now.nodes);
        if (change.selected) picked.add(change.id);
        else picked.delete(change.id);
      } else if (change.type === 'position' && change.position && change.dragging) {
        moved ??= new Map();
        moved.set(change.id, change.position);
      }
    }
    if (picked) select([...picked], now.edges);
    if (moved) setDragged((before) => new Map([...(before ?? []), ...moved]));
  }, []);
  const onEdgesChange = useCallback((changes: EdgeChange<LinkEdge>[]) => {
    const { selection: now } = useEditor.getState();
    let picked: Set<string> | undefined;
    for (const change of changes) {
      if (change.type !== 'select') continue;
      picked ??= new Set(now.edges);
      if (change.selected) picked.add(change.id);
      else picked.delete(change.id);
    }
    if (picked) select(now.nodes, [...picked]);
  }, []);
  const onDragStop = useCallback(
    (event: globalThis.MouseEvent | TouchEvent | MouseEvent, node: CardNode, all: CardNode[]) => {
      setDragged(undefined);
      const at = 'clientX' in event ? edgeAt(event.clientX, event.clientY) : undefined;
      if (all.length === 1 && at && spliceNode(node.id, at, node.position)) return;
      run(move(currentDoc(), new Map(all.map((one) => [one.id, one.position]))));
    },
    [],
  );

  const linked = useRef(false);
  const onConnectStart: OnConnectStart = useCallback((_event, params) => {
    linked.current = false;
    if (params.nodeId && params.handleId) showFits(params.nodeId, params.handleId, params.handleType === 'target');
  }, []);
  const onConnect = useCallback((connection: Connection) => {
    linked.current = true;
    link(
      { node: connection.source, port: connection.sourceHandle ?? 'out' },
      { node: connection.target, port: connection.targetHandle ?? 'in' },
    );
  }, []);
  const onConnectEnd: OnConnectEnd = useCallback((event, state) => {
    clearFits();
    if (linked.current || state.isValid || !state.fromNode || !state.fromHandle?.id || state.toHandle) return;
    const point = 'changedTouches' in event ? event.changedTouches[0]! : event;
    if (point.target instanceof Element && point.target.closest('.node')) return;
    const screen = { x: point.clientX, y: point.clientY };
    const end = { node: state.fromNode.id, port: state.fromHandle.id };
    useEditor.setState({
      quickAdd: { screen, flow: toFlow(screen), ...(state.fromHandle.type === 'source' ? { from: end } : { to: end }) },
    });
  }, []);
  const isValid = useCallback((c: Connection | LinkEdge) => {
    const from = { node: c.source, port: c.sourceHandle ?? 'out' };
    const to = { node: c.target, port: c.targetHandle ?? 'in' };
    return linkProblem(currentDoc(), known(), from, to, reconnecting.current) === undefined;
  }, []);
  const reconnecting = useRef<string | undefined>(undefined);
  const onReconnect = useCallback((old: LinkEdge, c: Connection) => {
    const edge = currentDoc().edges.find((other) => other.id === old.id);
    if (edge)
      run(
        reconnect(
          currentDoc(),
          edge,
          { node: c.source, port: c.sourceHandle ?? 'out' },
          { node: c.target, port: c.targetHandle ?? 'in' },
        ),
      );
  }, []);

  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(MIME)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(MIME);
    if (!type) return;
    event.preventDefault();
    const edge = edgeAt(event.clientX, event.clientY);
    addOperator(type, { flow: toFlow({ x: event.clientX, y: event.clientY }), ...(edge ? { edge } : {}) });
  };

  return (
    <div
      className={`canvas grow ${live ? 'is-live' : ''}`}
      ref={pane}
      role="application"
      aria-label={t('canvas.label')}
      onPointerMove={(event) => {
        flow.pointer = { x: event.clientX, y: event.clientY };
      }}
      onPointerLeave={() => {
        flow.pointer = undefined;
      }}
    >
      <ReactFlowProvider>
        <ReactFlow<CardNode, LinkEdge>
          nodes={nodes}
          edges={far ? NONE : edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onInit={(instance) => {
            flow.current = instance;
          }}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onNodeDragStop={onDragStop}
          onConnectStart={onConnectStart}
          onConnect={onConnect}
          onConnectEnd={onConnectEnd}
          isValidConnection={isValid}
          {...(live ? {} : { onReconnect })}
          onReconnectStart={(_event, edge) => {
            reconnecting.current = edge.id;
          }}
          onReconnectEnd={() => {
            reconnecting.current = undefined;
          }}
          onDragOver={onDragOver}
          onDrop={onDrop}
          onNodeDoubleClick={(_event, node) => live && useEditor.setState({ drawer: node.id, edgePanel: undefined })}
          onEdgeClick={(_event, edge) => live && useEditor.setState({ edgePanel: edge.id, drawer: undefined })}
          onNodeContextMenu={(event, node) => {
            event.preventDefault();
            if (!useEditor.getState().selection.nodes.includes(node.id)) select([node.id]);
            setMenu({ x: event.clientX, y: event.clientY, node: node.id });
          }}
          onEdgeContextMenu={(event, edge) => {
            event.preventDefault();
            select([], [edge.id]);
            setMenu({ x: event.clientX, y: event.clientY, edge: edge.id });
          }}
          onPaneContextMenu={(event) => {
            event.preventDefault();
            setMenu({ x: event.clientX, y: event.clientY });
          }}
          nodesDraggable={!live}
          nodesConnectable={!live}
          selectionOnDrag={!live}
          selectionMode={SelectionMode.Partial}
          panOnDrag={live ? [0, 1] : [1]}
          panOnScroll
          zoomActivationKeyCode={['Control', 'Meta']}
          panActivationKeyCode="Space"
          multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
          selectionKeyCode={null}
          deleteKeyCode={null}
          disableKeyboardA11y
          snapToGrid
          snapGrid={[GRID / 2, GRID / 2]}
          connectionRadius={24}
          minZoom={0.08}
          maxZoom={2}
          fitView={fitAtOpen}
          fitViewOptions={FIT}
          elevateNodesOnSelect={false}
          onlyRenderVisibleElements={nodes.length > MANY}
          zoomOnDoubleClick={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={GRID} size={2} color="var(--mr-dot)" />
          <GroupFrames nodes={nodes} live={live} />
          <SmallMap nodes={nodes} />
          {far && <FarEdges nodes={nodes} edges={edges} live={live} />}
          <ZoomLevel pane={pane} onFar={setFar} />
          <CanvasControls />
        </ReactFlow>
      </ReactFlowProvider>
      {doc.nodes.length === 0 && !live && <EmptyCanvas />}
      <LinkReason />
      {menu && <ContextMenu at={menu} onClose={() => setMenu(undefined)} />}
    </div>
  );
}
