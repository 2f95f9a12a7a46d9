const { projects } = require('./jest.projects.cjs');

/**
 * Damage done for real, with figures in the output: minutes, not seconds, and nothing else beside it.
 * @type {import('jest').Config}
 */
module.exports = {
  testTimeout: 300_000,
  maxWorkers: 1,
  projects: projects('test/resilience'),
};
