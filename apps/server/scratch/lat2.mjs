import { run } from '../../../test/bench/latency-prof.mjs';
process.exitCode = await run({ rate: '1000', seconds: '6', json: false });
