import commerce from '@millrace/commerce';
import cassandra from '@millrace/connector-cassandra';
import files from '@millrace/connector-files';
import generator from '@millrace/connector-generator';
import http from '@millrace/connector-http';
import kafka from '@millrace/connector-kafka';
import mongodb from '@millrace/connector-mongodb';
import mysql from '@millrace/connector-mysql';
import postgres from '@millrace/connector-postgres';
import rabbitmq from '@millrace/connector-rabbitmq';
import redis from '@millrace/connector-redis';
import view from '@millrace/connector-view';
import websocket from '@millrace/connector-websocket';
import core from '@millrace/core';
import { type Catalogue, createCatalogue } from '@millrace/sdk';

/**
 * The operators of this installation: the built-in packages and the plugins, all through the same door (a default export that
 * is an array of operators). The command line and every worker thread call it, with the same absolute plugin paths.
 * Throws MillraceError PLUGIN_… when a plugin cannot be loaded, OPERATOR_DUPLICATE when two packages use one name.
 */
export async function loadCatalogue(plugins: readonly string[] = []): Promise<Catalogue> {
  const operators = [
    ...core,
    ...commerce,
    ...cassandra,
    ...files,
    ...generator,
    ...http,
    ...kafka,
    ...mongodb,
    ...mysql,
    ...postgres,
    ...rabbitmq,
    ...redis,
    ...view,
    ...websocket,
  ];
  if (plugins.length > 0) {
    const { loadPlugin } = await import('./plugins/load-plugin.js');
    for (const plugin of plugins) operators.push(...(await loadPlugin(plugin)));
  }
  return createCatalogue(operators);
}
