export * from './document.js';
export * from './expression/index.js';
export { suggest } from './suggest.js';
export { checkLimits, LIMITS } from './limits.js';
export { SCHEMA_VERSION, upgradeDocument } from './upgrade.js';
export { validateGraph } from './validate/index.js';
