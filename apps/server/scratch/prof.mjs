import { readFileSync, readdirSync } from 'node:fs';
const f = readdirSync('/tmp/prof').filter(x => x.endsWith('.cpuprofile')).map(x => '/tmp/prof/' + x);
for (const file of f) {
  const p = JSON.parse(readFileSync(file)); const self = new Map(); const byId = new Map(p.nodes.map(n => [n.id, n])); let total = 0;
  p.samples.forEach((id, i) => { const n = byId.get(id); const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').slice(-3).join('/') + ':' + n.callFrame.lineNumber; self.set(k, (self.get(k) ?? 0) + p.timeDeltas[i]); total += p.timeDeltas[i]; });
  console.log(file, total / 1e6); for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 28)) console.log((v / total * 100).toFixed(1).padStart(6), k);
}
