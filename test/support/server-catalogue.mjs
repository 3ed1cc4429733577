// The operators that tests of the server use, for the server and for the task threads of its runs.
import generator from '@millrace/connector-generator';
import http from '@millrace/connector-http';
import view from '@millrace/connector-view';
import websocket from '@millrace/connector-websocket';
import core from '@millrace/core';
import { createCatalogue } from '@millrace/sdk';

export const loadCatalogue = async () => createCatalogue([...core, ...generator, ...http, ...view, ...websocket]);
