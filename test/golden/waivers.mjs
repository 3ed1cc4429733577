// What we decided to do in another way. A waiver names a feature (and a setting), never a case, and the rule that holds instead.

/** @type {readonly { feature: string, where?: (config: any) => boolean, rule: string }[]} */
export const WAIVERS = [
  {
    feature: 'checkpoint_barrier',
    rule: 'no barriers: a task commits its input positions together with its state, so nothing needs to be aligned',
  },
  {
    feature: 'state_ttl',
    where: ({ visibility }) => visibility === 'relaxed',
    rule: 'an expired value is never returned, whether it was cleaned up or not',
  },
  {
    feature: 'default_max_parallelism',
    rule: 'keys are always cut into 128 groups, whatever the parallelism',
  },
];

/** @param {import('./cases.mjs').Case} one */
export function waiverOf({ feature, config }) {
  return WAIVERS.find((waiver) => waiver.feature === feature && (waiver.where?.(config) ?? true));
}
