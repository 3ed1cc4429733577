import { sparkPaths } from '../canvas/geometry.js';

export function Spark({
  values,
  width = 50,
  height = 24,
  tone = '',
}: {
  values: readonly number[];
  width?: number;
  height?: number;
  tone?: '' | 'hot';
}) {
  const { line, area } = sparkPaths(values, width, height);
  return (
    <svg className={`spark ${tone}`} width={width} height={height} aria-hidden>
      <path className="area" d={area} />
      <path className="line" d={line} />
    </svg>
  );
}
