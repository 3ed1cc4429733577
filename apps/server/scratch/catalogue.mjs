import http from '@millrace/connector-http';
import core from '@millrace/core';
import { createCatalogue, defineOperator, Type } from '@millrace/sdk';
const table = defineOperator({ type: 'view.table', version: 1, docs: { title: 'Table', summary: 'Keeps rows.', category: 'sink' }, config: Type.Object({ name: Type.Optional(Type.String()) }), inputs: { in: {} }, outputs: {},
  traits: { parallelism: 'single' }, state: { rows: { kind: 'map', scope: 'task' } }, examples: [{ title: 'x', config: {} }],
  create: () => ({ onRecord(r, p, ctx) { ctx.state.rows.set(r.value.id ?? r.value.country ?? r.value.shop ?? 'x', r.value); } }) });
export const loadCatalogue = async () => createCatalogue([...core, ...http, table]);
