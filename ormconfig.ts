import { DataSource } from 'typeorm';
import { readEnv } from './src/config/env';
import { loadEnvFile } from './src/config/env-file';
import { dataSourceOptions } from './src/schema/data-source';

loadEnvFile();

/** The DataSource for the TypeORM command line: `npm run typeorm -- migration:show`. */
export default new DataSource(dataSourceOptions(readEnv(process.env)));
