import http from '@millrace/connector-http';
import view from '@millrace/connector-view';
import core from '@millrace/core';
import { createCatalogue } from '@millrace/sdk';
export const loadCatalogue = async () => createCatalogue([...core, ...http, ...view]);
