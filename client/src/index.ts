export type { Api } from './api.js';
export { createClient, type ClientOptions } from './client.js';
export { ApiError, BadParameterError, NoEnterpriseError, NotSignedInError, type Family } from './errors.js';
export type { CallOptions } from './exchange.js';
export type * from './generated/types.gen.js';
export { pages, rows, type Page } from './pages.js';
export type { Tokens } from './session.js';
