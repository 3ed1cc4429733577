import { systemClock } from '@millrace/sdk';
import { expect, it } from 'vitest';
import type { View, ViewPage } from '../runs/views.js';
import { ViewFeeds } from './view-feeds.js';

it('a view is sent when its rows change, to all who follow it, and read only while somebody does', async () => {
  let rows = [{ n: 1 }];
  let reads = 0;
  const page = (): ViewPage => ({
    name: 'v',
    title: 'V',
    columns: ['n'],
    rows,
    total: rows.length,
    updatedAt: ++reads,
  });
  const feeds = new ViewFeeds({ find: async () => ({}) as View, read: async () => page() }, systemClock);
  const [first, second]: unknown[][] = [[], []];
  const options = { limit: 10, desc: false, hide: false };
  const stopFirst = feeds.follow('v', options, (text) => void first!.push(JSON.parse(text).rows));
  await expect.poll(() => first).toEqual([[{ n: 1 }]]);
  const stopSecond = feeds.follow('v', options, (text) => void second!.push(JSON.parse(text).rows));
  expect(second).toEqual([[{ n: 1 }]]);
  rows = [{ n: 2 }];
  await expect.poll(() => first!.length).toBe(2);
  expect(second).toEqual(first);
  stopFirst();
  stopSecond();
  const after = reads;
  await systemClock.sleep(60);
  expect(reads).toBeLessThanOrEqual(after + 1);
});
