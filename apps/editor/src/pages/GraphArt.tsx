import type { GraphDocument, MetricsSample } from '../api/types.js';
import { rate } from '../format/numbers.js';
import { useApp } from '../store/app.js';
import { OperatorIcon } from '../ui/icons.js';

/** The graph itself as a small picture: an icon tile a node, columns by distance from the sources. */
export function GraphArt({
  graph,
  width = 284,
  height = 96,
  tile = 30,
  sample,
}: {
  graph: GraphDocument;
  width?: number;
  height?: number;
  tile?: number;
  sample?: MetricsSample | undefined;
}) {
  const manifests = useApp((s) => s.manifests);
  const places = arrange(graph, width, height, tile);
  const labels = sample ? labelPlaces(graph, places) : undefined;
  return (
    <svg
      className="art"
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden
    >
      {graph.edges.map((edge) => {
        const a = places.get(edge.source);
        const b = places.get(edge.target);
        if (!a || !b) return null;
        const x1 = a.x + tile / 2 + 3;
        const x2 = b.x - tile / 2 - 3;
        const c = Math.max(10, (x2 - x1) / 2);
        const numbers = sample?.edges[edge.id];
        return (
          <g key={edge.id}>
            <path
              d={`M${x1} ${a.y}C${x1 + c} ${a.y} ${x2 - c} ${b.y} ${x2} ${b.y}`}
              className={numbers && numbers.rate > 0 ? 'art-wet' : 'art-line'}
            />
            {numbers && labels?.has(edge.id) && (
              <text x={(x1 + x2) / 2} y={labelHeight(a, b) + 4} textAnchor="middle" className="art-rate">
                {rate(numbers.rate)}
              </text>
            )}
          </g>
        );
      })}
      {graph.nodes.map((node) => {
        const at = places.get(node.id)!;
        const docs = manifests.get(node.operator)?.docs;
        const category = docs?.category ?? 'shape';
        return (
          <g key={node.id} transform={`translate(${at.x - tile / 2} ${at.y - tile / 2})`} className={`cat-${category}`}>
            <rect width={tile} height={tile} rx={tile / 4} className="art-tile" />
            <g transform={`translate(${tile * 0.2} ${tile * 0.2})`} className="art-icon">
              <OperatorIcon name={docs?.icon} category={category} size={tile * 0.6} />
            </g>
          </g>
        );
      })}
    </svg>
  );
}

/** Middle of an edge's label: above the edge, or below one that goes down, which would run through it. */
const labelHeight = (a: { y: number }, b: { y: number }) => (a.y + b.y) / 2 + (b.y > a.y + 4 ? 13 : -13);

/** Edges whose label covers no other label: the picture stays readable where many edges meet. */
function labelPlaces(graph: GraphDocument, places: ReadonlyMap<string, { x: number; y: number }>): Set<string> {
  const taken: Array<{ x: number; y: number }> = [];
  const kept = new Set<string>();
  for (const edge of graph.edges) {
    const a = places.get(edge.source);
    const b = places.get(edge.target);
    if (!a || !b || b.x - a.x < 80) continue;
    const at = { x: (a.x + b.x) / 2, y: labelHeight(a, b) };
    const covers =
      taken.some((other) => Math.abs(other.x - at.x) < 48 && Math.abs(other.y - at.y) < 18) ||
      [...places.values()].some((tile) => Math.abs(tile.x - at.x) < 36 && Math.abs(tile.y - at.y) < 30);
    if (covers) continue;
    taken.push(at);
    kept.add(edge.id);
  }
  return kept;
}

/** Column = longest way from a source; rows spread evenly in each column. */
export function arrange(
  graph: Pick<GraphDocument, 'nodes' | 'edges'>,
  width: number,
  height: number,
  tile: number,
): Map<string, { x: number; y: number }> {
  const depth = new Map(graph.nodes.map((node) => [node.id, 0]));
  for (let round = 0; round < graph.nodes.length; round++) {
    let moved = false;
    for (const edge of graph.edges) {
      const next = (depth.get(edge.source) ?? 0) + 1;
      if (next > (depth.get(edge.target) ?? 0) && next < graph.nodes.length) {
        depth.set(edge.target, next);
        moved = true;
      }
    }
    if (!moved) break;
  }
  const columns = Math.max(0, ...depth.values()) + 1;
  const places = new Map<string, { x: number; y: number }>();
  for (let column = 0; column < columns; column++) {
    const here = graph.nodes
      .filter((node) => depth.get(node.id) === column)
      .sort((a, b) => (a.position?.y ?? 0) - (b.position?.y ?? 0));
    const margin = tile / 2 + 10;
    const x = columns === 1 ? width / 2 : margin + ((width - 2 * margin) * column) / (columns - 1);
    for (const [n, node] of here.entries()) places.set(node.id, { x, y: (height * (n + 1)) / (here.length + 1) });
  }
  return places;
}
