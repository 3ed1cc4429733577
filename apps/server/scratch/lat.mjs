import { run } from '../../../test/bench/latency.mjs';
process.exitCode = await run({ rate: process.argv[2] ?? '1000', seconds: process.argv[3] ?? '10', json: false });
