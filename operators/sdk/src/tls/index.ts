// For connectors over encrypted lines. Apart from the sdk's main entry because it needs Node.
export * from './settings.js';
export * from './trouble.js';
