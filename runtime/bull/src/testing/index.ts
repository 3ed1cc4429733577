export { readRows } from './read-rows.js';
export { type RunningTasks, type RunTasksOptions, runTasks } from './run-tasks.js';
