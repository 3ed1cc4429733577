import type { TSchema } from '@millrace/sdk';
import type { Request, Response } from 'express';
import type { Identity, User } from '../auth/credentials.js';
import type { Services } from '../services.js';
import type { Role } from '../store/port.js';

/** Who may call a route: `public` needs no session. */
export type RouteRole = 'public' | Role;

/** One call of a route, its inputs checked. */
export interface Call {
  readonly params: { readonly [name: string]: string };
  // biome-ignore lint/suspicious/noExplicitAny: the schema of the route has checked it; handlers name the shape they declared
  readonly query: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly body: any;
  readonly user: User;
  readonly identity: Identity | undefined;
  readonly request: Request;
  readonly response: Response;
  readonly services: Services;
}

/** One row of the route table: routing, validation, OpenAPI, authorisation and the role test are made from it. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  /** Express path; parameters are ids. */
  path: string;
  role: RouteRole;
  summary: string;
  tag: string;
  schema: {
    query?: TSchema;
    body?: TSchema;
    /** Answer of the usual case. */
    reply?: TSchema;
  };
  /** Status of the usual case; 204 has no body. Default 200. */
  status?: number;
  /** What the audit calls it; reading is not written down. */
  audit?: string;
  /** The handler writes the answer itself. */
  raw?: true;
  handle(call: Call): unknown;
}
