const { projects } = require('./jest.projects.cjs');

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 30_000,
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text-summary', 'lcov'],
  projects: projects('test'),
};
