/**
 * Tests run in Node's own context instead of one for each file, so that files of a worker can share packages
 * (docs/decisions/0025).
 */
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/** Stands for Node's own context, which has no object that names it. */
const OWN_CONTEXT = Object.freeze({});

const { compileFunction } = vm;
vm.compileFunction = (code, parameters, { parsingContext, ...options }) =>
  compileFunction(code, parameters, parsingContext === OWN_CONTEXT ? options : { ...options, parsingContext });

const { runInContext } = vm.Script.prototype;
vm.Script.prototype.runInContext = function (context, options) {
  return context === OWN_CONTEXT ? this.runInThisContext(options) : runInContext.call(this, context, options);
};

module.exports = class OwnContext extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global = globalThis;
    this.exit = process.exit; // jest wraps it
    Object.assign(globalThis, config.projectConfig.globals);
  }

  async setup() {
    await super.setup();
    this.env = { ...process.env };
  }

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, this.env);
    Object.assign(process, { exit: this.exit, exitCode: undefined });
    await super.teardown();
  }

  getVmContext() {
    return OWN_CONTEXT;
  }
};
