import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { readEnv } from './src/config/env';
import { dataSourceOptions } from './src/schema/data-source';

if (existsSync('.env')) process.loadEnvFile('.env');

/** The DataSource for the TypeORM command line: `npm run typeorm -- migration:show`. */
export default new DataSource(dataSourceOptions(readEnv(process.env)));
