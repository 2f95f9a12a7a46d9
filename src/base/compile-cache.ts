import * as nodeModule from 'node:module';
import { join } from 'node:path';

/** Node has it from 22.1 on; its types here are those of Node 20. */
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };

/**
 * In `dist/`, which a build empties, and not in the folder for temporary files, where another account of the machine could
 * leave code for this process. Where it cannot write, as in a read-only container, Node does without and says nothing;
 * its own NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE come first.
 */
const FOLDER = join(__dirname, '../../compile-cache');

enableCompileCache?.(FOLDER);
