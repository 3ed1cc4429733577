/**
 * URL of the built catalogue module, for worker threads. This file stands beside it, in the build and in the bundle, so that the
 * relative name holds in both.
 */
export const catalogueModule = new URL('./catalogue.js', import.meta.url).href;
