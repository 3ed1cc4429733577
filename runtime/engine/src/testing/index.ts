export { SourceInput, type SourceOptions } from '../source-input.js';
export { graphOf } from './graphs.js';
export { MemoryBackend } from './memory.js';
export { compileField, outsideSink, testCatalogue, testOperators } from './operators.js';
export { type MemoryRunOptions, type MemoryRunResult, runInMemory } from './run-plan.js';
