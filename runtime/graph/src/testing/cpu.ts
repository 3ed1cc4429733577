/**
 * Processor time of a piece of work, ms: what it costs, however busy the machine is. The first run, which compiles schemas and warms the
 * code, does not count.
 */
export function cpuTime(run: () => void): number {
  run();
  const before = process.cpuUsage();
  run();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}
