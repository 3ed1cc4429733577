/**
 * Names of a run's keys in Redis. All begin with the run's hash tag, so that a run lies in one slot of a Redis Cluster and one script
 * can touch all of it.
 *
 *   {run}                                      hash: the run (record, status, layout; numbers of its dead letters under "letters/<node>")
 *   {run}:<layout>:task:<stage>:<index>        hash: owner, epoch, generation, sequence, finished, meta, lost
 *   {run}:<layout>:log:<stage>:<index>         stream <sequence>-0: what the commit of that number changed in the task's state
 *   {run}:<layout>:snap:<stage>:<index>        hash: key group (with part) → the state of that group as of a commit
 *   {run}:<layout>:lane:<exchange>:<sender>:<receiver>   stream <entry>-0: record count → encoded batch
 *   {run}:<layout>:waiting                     hash: <exchange>:<sender>:<receiver> → records committed and not yet consumed
 *   {run}:letters:<node>                       stream <number>-0: dead letters
 *   {run}:replayed:<node>                      set: numbers of dead letters that were processed again
 *   {run}:replays:<node>                       set: numbers of dead letters that shall be processed again
 *
 * A layout is the cut of the run into tasks. Migration (another parallelism, an edited graph) builds the next layout beside the current
 * one and switches in one step.
 */
export function runKey(run: string): string {
  return `{${run}}`;
}

const inLayout = (run: string, layout: number, what: string) => `{${run}}:${layout}:${what}`;

export const taskKey = (run: string, layout: number, stage: string, index: number) =>
  inLayout(run, layout, `task:${stage}:${index}`);
export const logKey = (run: string, layout: number, stage: string, index: number) =>
  inLayout(run, layout, `log:${stage}:${index}`);
export const snapshotKey = (run: string, layout: number, stage: string, index: number) =>
  inLayout(run, layout, `snap:${stage}:${index}`);
export const laneName = (exchange: string, sender: number, receiver: number) => `${exchange}:${sender}:${receiver}`;
export const laneKey = (run: string, layout: number, lane: string) => inLayout(run, layout, `lane:${lane}`);
export const waitingKey = (run: string, layout: number) => inLayout(run, layout, 'waiting');
export const lettersKey = (run: string, node: string) => `{${run}}:letters:${node}`;
export const replayedKey = (run: string, node: string) => `{${run}}:replayed:${node}`;
export const replaysKey = (run: string, node: string) => `{${run}}:replays:${node}`;
