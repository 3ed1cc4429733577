import { type LayoutInput, place } from './layout.js';

addEventListener('message', (event: MessageEvent<{ id: number; input: LayoutInput }>) => {
  postMessage({ id: event.data.id, places: [...place(event.data.input)] });
});
