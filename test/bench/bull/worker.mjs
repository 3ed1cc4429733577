// A worker process of the measurement: the same worker as any, with the measurement's operators. Arguments: URL, instance, slots.
import { BullWorker } from '@millrace/bull';

const [url, instance, slots] = process.argv.slice(2);
const worker = await BullWorker.start({
  target: { url, instance },
  catalogue: { module: new URL('./operators.mjs', import.meta.url).href, plugins: [] },
  slots: Number(slots),
  key: undefined,
});
// Never outlives the measurement.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
process.once('SIGTERM', () => void worker.close());
process.send('ready');
