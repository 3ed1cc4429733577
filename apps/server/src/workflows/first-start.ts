import type { Services } from '../services.js';

/** The workflow that a new installation shows. */
const DEMO = 'live-shop';
const DONE = 'first-start';

/** On the first start with a data directory: creates and publishes the demo. Once removed, it does not come back. */
export async function firstStart({ store, templates, workflows, logger, clock }: Services): Promise<void> {
  if ((await store.values.get(DONE)) !== undefined) return;
  const template = templates.find((one) => one.id === DEMO);
  if (template !== undefined && (await store.workflows.list()).length === 0) {
    try {
      const doc = await workflows.create(template.graph, DEMO);
      await workflows.publish(doc.id, doc.revision, 'system');
    } catch (error) {
      // Without the mark the next start tries again, from nothing.
      logger.error({ err: error }, 'the demo could not be started');
      await store.workflows.delete(DEMO);
      return;
    }
  }
  await store.values.set(DONE, { at: clock.now() });
}
