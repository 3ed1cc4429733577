import { greet } from './greet.js';

/** A plugin's default export: its operators. */
export default [greet];
