/** Orders by HTTP, the paid ones counted per country into a view. */
export const orders = {
  schema: 1 as const,
  name: 'Orders',
  nodes: [
    {
      id: 'orders',
      operator: 'http.ingest',
      label: 'Orders',
      config: { schema: { country: 'text', status: 'text', quantity: 'number', price: 'number' } },
      position: { x: 0, y: 0 },
    },
    {
      id: 'paid',
      operator: 'core.filter',
      label: 'Paid',
      config: { where: "status == 'paid'" },
      position: { x: 254, y: 0 },
    },
    {
      id: 'revenue',
      operator: 'core.running-aggregate',
      label: 'Revenue',
      config: {
        groupBy: ['country'],
        aggregates: [
          { fn: 'sum', value: 'quantity * price', as: 'revenue' },
          { fn: 'count', as: 'orders' },
        ],
      },
      position: { x: 508, y: 0 },
    },
    {
      id: 'board',
      operator: 'view.table',
      label: 'Board',
      config: { name: 'revenue-board', key: ['country'] },
      position: { x: 762, y: 0 },
    },
  ],
  edges: [
    { id: 'e1', source: 'orders', sourceHandle: 'out', target: 'paid', targetHandle: 'in' },
    { id: 'e2', source: 'paid', sourceHandle: 'out', target: 'revenue', targetHandle: 'in' },
    { id: 'e3', source: 'revenue', sourceHandle: 'out', target: 'board', targetHandle: 'in' },
  ],
};
