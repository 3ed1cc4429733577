// For connectors to systems that hold tables. Apart from the sdk's main entry because it needs Node.
export * from './cursor-window.js';
export * from './json-text.js';
export * from './lookup.js';
export * from './names.js';
export * from './outbox-position.js';
export * from './row-groups.js';
export * from './table-reader.js';
export * from './table-writer.js';
