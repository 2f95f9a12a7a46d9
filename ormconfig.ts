import { readEnv } from './src/config/env';
import { loadEnvFile } from './src/config/env-file';
import { newDataSource } from './src/database/connect';
import { dataSourceOptions } from './src/schema/data-source';

loadEnvFile();

/** The DataSource for the TypeORM command line: `npm run typeorm -- migration:show`. */
export default newDataSource(dataSourceOptions(readEnv(process.env)));
