export { describeStore } from './store-contract.js';
export { orderGraph, type TestServer, testServer } from './test-server.js';
