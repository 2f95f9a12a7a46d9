const { join, sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');
const { addHook } = require('pirates');

const SRC = join(module.path, '..', '..', 'src') + sep;
const PACKAGES = `${sep}node_modules${sep}`;

/** Where stack traces find the lines of shared files. */
const sourceMaps = new Map();

let compile;

addHook((source, filename) => compile(source, filename), { exts: ['.ts'], matcher: (path) => path.startsWith(SRC) });

/**
 * Loads packages and `src` as Node does, once a worker; jest loads them anew for each file, which takes seconds.
 * What a file changes in them, it puts back: spies and metrics are put back here.
 */
class SharedModules extends Runtime {
  constructor(config, environment, resolver, transformer, ...more) {
    super(config, environment, resolver, transformer, ...more);
    for (const [filename, path] of sourceMaps) this.getSourceMaps().set(filename, path);
    compile = (source, filename) => {
      const { code, sourceMapPath } = transformer.transform(filename, this._getFullTransformationOptions(), source);
      for (const maps of [sourceMaps, this.getSourceMaps()]) maps.set(filename, sourceMapPath);
      return code.replace(/\brequire\("(\.[^"]+)\.js"\)/g, 'require("$1")'); // import() in src names the compiled file
    };
    require('prom-client').register.resetMetrics();
  }

  requireModuleOrMock(from, name) {
    if (/^(node:|@jest\/)/.test(name)) return super.requireModuleOrMock(from, name);
    const path = this._resolution.resolveCjs(from, name);
    return path.startsWith(SRC) || path.includes(PACKAGES) ? require(path) : super.requireModuleOrMock(from, name);
  }
}

module.exports = { __esModule: true, default: SharedModules };
