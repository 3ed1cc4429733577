import { startServer, readSettings } from '@millrace/server';
import { loadCatalogue } from './catalogue.mjs';
import { rmSync } from 'node:fs';
rmSync('/tmp/smoke', { recursive: true, force: true });
const s = await startServer({ loadCatalogue, catalogue: { module: new URL('./catalogue.mjs', import.meta.url).href, plugins: [] }, settings: readSettings({ PORT: '0', MILLRACE_DATA: '/tmp/smoke' }), examplesDir: '/nonexistent' });
const { token } = await s.services.credentials.createApiToken({ name: 'x', role: 'admin' });
const call = async (path, body, method) => { const r = await fetch(s.url + path, { method: method ?? (body ? 'POST' : 'GET'), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) }); const t = await r.text(); return { status: r.status, body: t ? JSON.parse(t) : undefined }; };
const graph = { schema: 1, name: 'Orders', nodes: [
 { id: 'orders', operator: 'http.ingest', config: {} },
 { id: 'paid', operator: 'core.filter', config: { where: "status == 'paid'" } },
 { id: 'sum', operator: 'core.running-aggregate', config: { groupBy: ['country'], aggregates: [{ as: 'n', fn: 'count' }] } },
 { id: 'table', operator: 'view.table', config: {} } ],
 edges: [{ id: 'e1', source: 'orders', target: 'paid' }, { id: 'e2', source: 'paid', target: 'sum' }, { id: 'e3', source: 'sum', target: 'table' }] };
const w = (await call('/api/workflows', { graph }));
const p = await call(`/api/workflows/${w.body.id}/publish`, { revision: 1 });
console.log(JSON.stringify(p));
for (let i = 0; i < 20; i++) await call(`/ingest/${w.body.id}/orders`, { status: i % 2 ? 'paid' : 'open', country: 'DE', i });
await new Promise(r => setTimeout(r, 2500));
console.log(JSON.stringify((await call('/api/views/table')).body));
console.log(JSON.stringify((await call(`/api/runs/${p.body.run.id}/metrics`)).body.samples.at(-1)));
console.log(JSON.stringify((await call(`/api/runs/${p.body.run.id}/edges/e1/sample?limit=2`)).body));
await s.close();
console.log('closed');
